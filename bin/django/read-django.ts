import type { AccountStore } from '../../lambdas/chat/ports/account-store.ts';
import type { Located } from '../transfer/records.ts';
import { messageRows } from './message-rows.ts';
import { type DjangoRecord, readMessages } from './messages.ts';
import { openDjangoDatabase } from './open-database.ts';
import type { DjangoTables } from './row-references.ts';
import { readUsers } from './users.ts';

export interface DjangoOptions {
  tables: DjangoTables;
  /** Like "sender=author_id". */
  columns: readonly string[];
  /** Of a dump, as TextDecoder knows it. Default: UTF-8. */
  encoding?: string | undefined;
  /** Whose tokens speak for the users as well; undefined for nobody's. */
  issuer?: string | undefined;
  skipProblems: boolean;
  checkOnly: boolean;
  /** Takes a line for the person who imports. */
  say: (line: string) => void;
}

export interface DjangoChat {
  records: AsyncIterable<Located>;
  close(): Promise<void>;
}

/**
 * Reads the Django chat: its users as accounts, its messages in order as events. Says first what
 * can't be brought in.
 *
 * @param accounts of the chat here, to find names that somebody else has
 * @returns undefined when it was only to be checked
 * @throws Error when something can't be brought in, unless that is to be skipped
 */
export async function readDjango(
  path: string,
  accounts: AccountStore,
  { tables, columns, encoding, issuer, skipProblems, checkOnly, say }: DjangoOptions,
): Promise<DjangoChat | undefined> {
  const { users: usersTable, messages: messagesTable, rooms: roomsTable } = tables;
  const wanted = [usersTable, messagesTable, roomsTable];
  const database = await openDjangoDatabase(path, wanted, encoding);
  try {
    const users = await readUsers(database, usersTable, tables.usernameField, accounts);
    const messages = readMessages(messageRows(database, tables, columns), users.left, Date.now());
    for (const note of [...users.notes, ...messages.notes]) say(note);
    const problems = [...users.problems, ...messages.problems];
    for (const problem of problems) say(problem);
    if (problems.length > 0 && !skipProblems) {
      throw new Error(
        `${problems.length} things in ${path} can't be brought in, and nothing was. Put them right in a copy, or leave them out with --skip-problems.`,
      );
    }
    if (!checkOnly) {
      const links = () => users.links(issuer);
      const records = [users.accounts, links, messages.records];
      return {
        records: located(records),
        close: async () => database.close(),
      };
    }
    say('Checked. Nothing was written.');
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

async function* located(
  sources: readonly (() => Iterable<DjangoRecord>)[],
): AsyncGenerator<Located> {
  for (const source of sources) {
    for (const record of source()) yield { record, place: placeOf(record) };
  }
}

function placeOf(record: DjangoRecord): string {
  if (record.record === 'event') return `Message ${record.id} in ${record.room}`;
  return `User ${record.record === 'account' ? record.id : record.userId}`;
}
