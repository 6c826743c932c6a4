import type { DatabaseSync } from 'node:sqlite';
import { parseDjangoHash } from '../../lambdas/auth/django-passwords.ts';
import type { AccountStore } from '../../lambdas/chat/ports/account-store.ts';
import { usernameKey, usernameProblem } from '../../protocol/names.ts';
import type { ArchiveRecord } from '../transfer/records.ts';
import { columnsOf } from './columns.ts';
import { quoted } from './open-database.ts';
import { keyText, primaryKeyOf } from './table-keys.ts';
import { toMillis } from './timestamp.ts';

type AccountRecord = ArchiveRecord & { record: 'account' };

export interface DjangoUsers {
  /** Keys of the users who can't be brought in. */
  left: ReadonlySet<string>;
  /** What keeps them out, one sentence for each. */
  problems: string[];
  /** What is else to be known. */
  notes: string[];
  /** The others, as accounts. */
  accounts(): Generator<AccountRecord>;
  /** That an issuer's tokens, in which `user_id` is a user's key, speak for the same accounts. */
  links(issuer: string | undefined): Generator<AccountRecord>;
}

interface DjangoUser {
  key: string;
  account: AccountRecord;
  /** Why nobody will be able to log in with a password. */
  locked: string | undefined;
}

/** Looks at all users. Two whose names count as one here can't both come: the older one does. */
export async function readUsers(
  database: DatabaseSync,
  table: string,
  usernameField: string,
  accounts: AccountStore,
): Promise<DjangoUsers> {
  const left = new Set<string>();
  const problems: string[] = [];
  const notes: string[] = [];
  const names = new Map<string, string>();
  for (const { key, account, locked } of usersOf(database, table, usernameField)) {
    const who = `User ${key} "${account.username}"`;
    const twin = names.get(account.id);
    const problem =
      usernameProblem(account.username) ??
      (twin &&
        `Another user is called "${twin}", and names that differ only in case are the same.`) ??
      (await conflict(accounts, account));
    if (problem) {
      left.add(key);
      problems.push(`${who}: ${problem}`);
      continue;
    }
    names.set(account.id, account.username);
    if (locked) notes.push(`${who}: ${locked} The account comes, but its password opens nothing.`);
  }
  return {
    left,
    problems,
    notes,
    *accounts() {
      for (const { key, account } of usersOf(database, table, usernameField)) {
        if (!left.has(key)) yield account;
      }
    },
    *links(issuer) {
      if (issuer === undefined) return;
      for (const { key, account } of usersOf(database, table, usernameField)) {
        if (!left.has(key)) yield linkTo(account, `${issuer}:${key}`);
      }
    },
  };
}

const linkTo = ({ id: linkedTo, createdAt }: AccountRecord, id: string): AccountRecord => ({
  ...{ record: 'account', id, username: id, linkedTo, createdAt },
  ...{ disabled: false, superuser: false },
});

async function conflict(accounts: AccountStore, account: AccountRecord) {
  const there = await accounts.find(account.id);
  const same = there?.username === account.username && there.createdAt === account.createdAt;
  return there && !same ? `Here "${there.username}" is the account of somebody else.` : undefined;
}

function* usersOf(
  database: DatabaseSync,
  table: string,
  usernameField: string,
): Generator<DjangoUser> {
  const there = columnsOf(database, table, '--users-table');
  requireColumns(there, table, usernameField);
  const key = primaryKeyOf(database, table) ?? usernameField;
  // Of two who would be one here the older one comes; keys that are no numbers tell no age.
  const order = there.has('date_joined') ? ['date_joined', key] : [key];
  const by = order.map(quoted).join(', ');
  const select = database.prepare(`SELECT * FROM ${quoted(table)} ORDER BY ${by}`);
  // Ids may be larger than the exact numbers.
  select.setReadBigInts(true);
  for (const row of select.iterate()) {
    const username = String(row[usernameField] ?? '').normalize('NFKC');
    const hash = String(row.password ?? '');
    const known = parseDjangoHash(hash) !== undefined;
    yield {
      key: keyText(row[key] ?? username),
      account: {
        record: 'account',
        id: usernameKey(username),
        username,
        ...(known && { passwordHash: hash }),
        disabled: row.is_active === 0n,
        superuser: row.is_superuser === 1n,
        createdAt: toMillis(row.date_joined) ?? 0,
      },
      locked: known ? undefined : lockedBecause(hash),
    };
  }
}

function requireColumns(there: ReadonlySet<string>, table: string, usernameField: string): void {
  const names = [...there].join(', ');
  if (!there.has(usernameField)) {
    throw new Error(
      `${table} has no column ${usernameField}. There are: ${names}. Say which one users log in by: --username-field email, for example.`,
    );
  }
  if (!there.has('password'))
    throw new Error(`${table} has no column password. There are: ${names}.`);
}

function lockedBecause(hash: string): string {
  if (hash === '' || hash.startsWith('!')) return 'Has no password.';
  const [kind] = hash.split('$');
  return kind === 'pbkdf2_sha256'
    ? 'Has a malformed password hash, or one of too many iterations.'
    : `Has a password hash of the kind "${kind}", which can't be checked here.`;
}
