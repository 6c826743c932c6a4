import { createHash } from 'node:crypto';
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import {
  type Account,
  type AccountStore,
  CLAIM_WAITS_MS,
  type LoginAttemptStore,
  type LoginAttempts,
} from '../chat/ports/account-store.ts';
import { conditionHeld, type Table, toTtl } from './dynamo.ts';
import { type Key, keys } from './keys.ts';

type AccountItem = Key & Omit<Account, 'id'>;

/** Who is shown by a name, among the users of other issuers. */
type NameItem = Key & { bearer: string };

/** Whose name looks in some way. */
type LookItem = Key & { bearer: string; claimedAt: number };

type AttemptsItem = Key & LoginAttempts;

/** Ends every login so far. Repeated by a retry it ends them once more. */
const NEXT_EPOCH = {
  set: 'loginEpoch = if_not_exists(loginEpoch, :none) + :one',
  values: { ':none': 0, ':one': 1 },
} as const;

export function dynamoAccountStore(table: Table): AccountStore {
  async function find(id: string): Promise<Account | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.account(id), ConsistentRead: true }),
    );
    if (!Item) return undefined;
    const { pk: _pk, sk: _sk, ...rest } = Item as AccountItem;
    return { id, ...rest };
  }

  /**
   * Asks for nothing back: the answer would hold the password's hash, and the roles that may write
   * something else of an account may not ask for it (lib/table-access.ts).
   */
  async function change(
    id: string,
    update: Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeValues'> & {
      ConditionExpression: string;
    },
  ): Promise<boolean> {
    return await conditionHeld(
      table.client.send(
        new UpdateCommand({ ...update, TableName: table.name, Key: keys.account(id) }),
      ),
    );
  }

  return {
    async create({ id, ...rest }) {
      const item: AccountItem = { ...keys.account(id), ...rest };
      const put = new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      if (await conditionHeld(table.client.send(put))) return 'created';
      // The client retries a call whose answer was lost, and then meets its own write: no two
      // hashes have the same salt.
      return (await find(id))?.passwordHash === rest.passwordHash ? 'created' : 'taken';
    },

    find,

    async rehash(id, from, to) {
      await change(id, {
        UpdateExpression: 'SET passwordHash = :to',
        ConditionExpression: 'passwordHash = :from',
        ExpressionAttributeValues: { ':from': from, ':to': to },
      });
    },

    async setDisabled(id, disabled) {
      const isThere = await change(id, {
        UpdateExpression: `SET disabled = :disabled${disabled ? `, ${NEXT_EPOCH.set}` : ''}`,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':disabled': disabled, ...(disabled && NEXT_EPOCH.values) },
      });
      return isThere ? 'set' : 'missing';
    },

    async setSuperuser(id, superuser) {
      const isThere = await change(id, {
        UpdateExpression: 'SET superuser = :superuser',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':superuser': superuser },
      });
      return isThere ? 'set' : 'missing';
    },

    async setPassword(id, passwordHash) {
      const isThere = await change(id, {
        UpdateExpression: `SET passwordHash = :hash, ${NEXT_EPOCH.set}`,
        ConditionExpression: 'attribute_exists(passwordHash)',
        ExpressionAttributeValues: { ':hash': passwordHash, ...NEXT_EPOCH.values },
      });
      return isThere ? 'set' : 'missing';
    },

    async recordOutside(id, username, at) {
      const name: NameItem = { ...keys.name(username), bearer: id };
      // First, so that nobody is shown by a name by which he can't be found.
      await table.client.send(new PutCommand({ TableName: table.name, Item: name }));
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.account(id),
          UpdateExpression:
            'SET username = :username, createdAt = if_not_exists(createdAt, :at), ' +
            'disabled = if_not_exists(disabled, :no), superuser = if_not_exists(superuser, :no)',
          ExpressionAttributeValues: { ':username': username, ':at': at, ':no': false },
        }),
      );
    },

    async findByShownName(username) {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.name(username), ConsistentRead: true }),
      );
      const account = Item && (await find((Item as NameItem).bearer));
      return account?.username === username ? account : undefined;
    },

    async link(id, to, at) {
      const isItsOwn = await change(id, {
        UpdateExpression:
          'SET linkedTo = :to, username = if_not_exists(username, :id), ' +
          'createdAt = if_not_exists(createdAt, :at), ' +
          'disabled = if_not_exists(disabled, :no), superuser = if_not_exists(superuser, :no)',
        ConditionExpression: 'attribute_not_exists(linkedTo) OR linkedTo = :to',
        ExpressionAttributeValues: { ':to': to, ':id': id, ':at': at, ':no': false },
      });
      return isItsOwn ? 'linked' : 'other';
    },

    async claimLook(look, id, at) {
      const claim: LookItem = { ...keys.look(hashOf(look)), bearer: id, claimedAt: at };
      const put = (condition: string, values: Record<string, unknown>) =>
        conditionHeld(
          table.client.send(
            new PutCommand({
              TableName: table.name,
              Item: claim,
              ConditionExpression: condition,
              ExpressionAttributeValues: values,
            }),
          ),
        );
      const isFree = 'attribute_not_exists(pk) OR bearer = :id';
      if (await put(isFree, { ':id': id })) return 'claimed';

      const { Item } = await table.client.send(
        new GetCommand({
          TableName: table.name,
          Key: keys.look(hashOf(look)),
          ConsistentRead: true,
        }),
      );
      if (!Item) return 'taken';
      const { bearer, claimedAt } = Item as LookItem;
      if (claimedAt > at - CLAIM_WAITS_MS || (await find(bearer))) return 'taken';
      const seen = { ':bearer': bearer, ':claimedAt': claimedAt, ':id': id };
      const isAsSeen = 'bearer = :id OR (bearer = :bearer AND claimedAt = :claimedAt)';
      return (await put(isAsSeen, seen)) ? 'claimed' : 'taken';
    },
  };
}

/** A look may be longer than a key. */
const hashOf = (look: string) => createHash('sha256').update(look).digest('hex');

export function dynamoLoginAttemptStore(table: Table): LoginAttemptStore {
  return {
    async find(counter) {
      const { Item } = await table.client.send(
        new GetCommand({
          TableName: table.name,
          Key: keys.loginAttempts(counter),
          ConsistentRead: true,
        }),
      );
      if (!Item) return undefined;
      const { failures, blockedUntil, hasTurn } = Item as AttemptsItem;
      return { failures, blockedUntil, ...(hasTurn && { hasTurn }) };
    },

    async replace(counter, seen, next, expiresAt) {
      const put = new PutCommand({
        TableName: table.name,
        Item: { ...keys.loginAttempts(counter), ...next, expiresAt: toTtl(expiresAt) },
        ...(seen
          ? {
              ConditionExpression: 'failures = :failures AND blockedUntil = :blockedUntil',
              ExpressionAttributeValues: {
                ':failures': seen.failures,
                ':blockedUntil': seen.blockedUntil,
              },
            }
          : { ConditionExpression: 'attribute_not_exists(pk)' }),
      });
      return (await conditionHeld(table.client.send(put))) ? 'written' : 'raced';
    },

    async clear(counter) {
      await table.client.send(
        new DeleteCommand({ TableName: table.name, Key: keys.loginAttempts(counter) }),
      );
    },
  };
}
