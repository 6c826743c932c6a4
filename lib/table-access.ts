import { type ItemKind, PARTITIONS } from '../lambdas/aws/keys.ts';
import { TABLE } from '../lambdas/aws/table.ts';

export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem';

/** What a function does with which kind of items. */
export type ItemAccess = Partial<Record<ItemKind, readonly TableAction[]>>;

/** What a function changes of accounts, by an update that asks for nothing back. */
export interface AccountChange {
  /** A pattern of IAM's for the accounts' ids. */
  ids: string;
  attributes: readonly string[];
}

export interface TableAccess {
  items: ItemAccess;
  accounts?: readonly AccountChange[];
}

/** To remove a connection: what is known of it stands in three places. */
const FORGETS_CONNECTIONS: ItemAccess = {
  connection: ['GetItem', 'DeleteItem'],
  presence: ['DeleteItem'],
  userConnection: ['DeleteItem'],
};

/** A pump: it brings drafts into the log, posts it to who is there, and forgets who is gone. */
const PUMPS = together(FORGETS_CONNECTIONS, {
  room: ['GetItem', 'UpdateItem'],
  log: ['Query', 'PutItem'],
  inbox: ['Query', 'DeleteItem'],
  // What hangs on messages is folded before it is posted.
  overlay: ['BatchGetItem', 'PutItem'],
  presence: ['Query'],
});

const SENDS = together(PUMPS, { inbox: ['PutItem'], budget: ['UpdateItem'] });

const COUNTS_FRAMES: ItemAccess = {
  connection: ['GetItem', 'UpdateItem'],
  budget: ['UpdateItem'],
};

const CHECKS_CALLERS: ItemAccess = { account: ['GetItem'], session: ['GetItem'] };

const ENTERS_ROOMS: ItemAccess = {
  room: ['GetItem', 'UpdateItem'],
  presence: ['PutItem'],
  expiring: ['PutItem'],
};

/** Colons stand in the ids of other issuers' users, and in no name of a built-in account. */
const OUTSIDERS = '*:*';

/** To check the tokens of other issuers: with a user's first, an account is made by the user's name. */
const MEETS_OUTSIDERS: Required<TableAccess> = {
  items: { name: ['PutItem'] },
  accounts: [{ ids: OUTSIDERS, attributes: ['username', 'createdAt', 'disabled', 'superuser'] }],
};

/**
 * What each function does with the table, and so may do. Its role can do nothing else there: only
 * login makes accounts and writes passwords' hashes, only http disables accounts and makes
 * superusers, and those that only move messages can neither read nor write an account or a login.
 *
 * A room's lease and its members share a partition, which no role can divide: what pumps could also
 * let somebody back into a room, and what lets people in could meddle with a lease.
 */
const ACCESS = {
  connect: {
    items: together(CHECKS_CALLERS, ENTERS_ROOMS, FORGETS_CONNECTIONS, {
      connection: ['PutItem'],
      userConnection: ['PutItem', 'Query'],
      ticket: ['UpdateItem'],
    }),
  },
  sendMessage: { items: together(COUNTS_FRAMES, SENDS) },
  roomAction: {
    items: together(CHECKS_CALLERS, COUNTS_FRAMES, ENTERS_ROOMS, FORGETS_CONNECTIONS, {
      presence: ['UpdateItem'],
      // What is unread in a connection's rooms.
      room: ['BatchGetItem'],
      log: ['Query'],
    }),
  },
  disconnect: { items: FORGETS_CONNECTIONS },
  http: {
    items: together(CHECKS_CALLERS, SENDS, {
      // The list of somebody's rooms.
      room: ['BatchGetItem'],
      log: ['BatchGetItem'],
      overlay: ['Query'],
      session: ['UpdateItem', 'DeleteItem'],
      ticket: ['PutItem'],
      name: ['GetItem'],
      superusers: ['UpdateItem'],
      // Ends the connections of who is thrown out.
      userConnection: ['Query'],
      connection: ['UpdateItem'],
    }),
    accounts: [{ ids: '*', attributes: ['disabled', 'superuser', 'loginEpoch'] }],
  },
  login: {
    items: {
      account: ['GetItem', 'PutItem', 'UpdateItem'],
      attempts: ['GetItem', 'PutItem', 'DeleteItem'],
      look: ['GetItem', 'PutItem'],
      source: ['UpdateItem'],
      session: ['PutItem'],
    },
  },
  fanOut: { items: PUMPS },
  audit: { items: PUMPS },
  tokenExpiry: { items: together(FORGETS_CONNECTIONS, { expiring: ['Query'] }) },
} satisfies Record<string, TableAccess>;

/** A function that uses the table. */
export type TableUser = keyof typeof ACCESS;

/** @param outsiders whether tokens of other issuers are taken */
export function accessOf(user: TableUser, outsiders: boolean): TableAccess {
  const access: TableAccess = ACCESS[user];
  const meets = outsiders && CALLED_WITH_TOKENS.has(user);
  if (!meets) return access;
  return {
    items: together(access.items, MEETS_OUTSIDERS.items),
    accounts: [...(access.accounts ?? []), ...MEETS_OUTSIDERS.accounts],
  };
}

const CALLED_WITH_TOKENS: ReadonlySet<TableUser> = new Set(['connect', 'roomAction', 'http']);

/** Each kind's actions together. */
function together(...parts: readonly ItemAccess[]): ItemAccess {
  const kinds = new Map<string, Set<TableAction>>();
  for (const [kind, actions] of parts.flatMap((part) => Object.entries(part))) {
    kinds.set(kind, new Set([...(kinds.get(kind) ?? []), ...actions]));
  }
  return Object.fromEntries([...kinds].map(([kind, actions]) => [kind, [...actions].sort()]));
}

/** A statement of IAM's that allows something with the table's items. */
export interface TableStatement {
  /** `dynamodb:GetItem`, … */
  actions: string[];
  conditions: Record<string, Record<string, string | string[]>>;
}

/**
 * The same as IAM says it.
 *
 * A role tells the kinds apart by `dynamodb:LeadingKeys`, the partition keys of the items that a call
 * touches. `ForAllValues` also holds where there is none: so a call without one is refused.
 */
export function statementsOf({ items, accounts = [] }: TableAccess): TableStatement[] {
  const kindsByActions = Map.groupBy(
    Object.entries(items) as [ItemKind, TableAction[]][],
    ([, actions]) => [...actions].sort().join(),
  );
  return [
    ...[...kindsByActions].map(([actions, kinds]) =>
      allow(
        actions.split(','),
        kinds.map(([kind]) => patternOf(kind, '*')),
      ),
    ),
    ...accounts.map(({ ids, attributes }) =>
      allow(['UpdateItem'], [patternOf('account', ids)], {
        'ForAllValues:StringEquals': {
          'dynamodb:Attributes': [TABLE.partitionKey, TABLE.sortKey, ...attributes],
        },
        // Else an update could have the rest of the item told.
        StringEqualsIfExists: { 'dynamodb:ReturnValues': 'NONE' },
      }),
    ),
  ];
}

/** That accounts may be looked for and made. @param ids a pattern of IAM's for their ids */
export const makingAccounts = (ids: string): TableStatement =>
  allow(['GetItem', 'PutItem'], [patternOf('account', ids)]);

const allow = (
  actions: readonly string[],
  keys: string[],
  conditions: TableStatement['conditions'] = {},
): TableStatement => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  conditions: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    Null: { 'dynamodb:LeadingKeys': 'false' },
    ...conditions,
  },
});

/** The partition keys of a kind, as a pattern of IAM's. */
const patternOf = (kind: ItemKind, names: string): string =>
  PARTITIONS[kind].endsWith('#') ? PARTITIONS[kind] + names : PARTITIONS[kind];
