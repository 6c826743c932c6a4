import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { type Resolve, resolver } from './references.ts';

export interface DjangoTables {
  users: string;
  messages: string;
  rooms: string;
  /** The users' column by which they log in. */
  usernameField: string;
  /** Messages hold their room's name, also where it looks like a key. */
  roomNames: boolean;
}

/** Something that a message points to, and that is not there. */
export interface Unmatched {
  value: string;
  why: string;
}

/** A room as messages name it. */
export interface RowRoom {
  /** What two messages of one room have in common. */
  key: string;
  /** Its name as it was there. */
  name: string;
  unmatched: Unmatched | undefined;
}

/** Who wrote a message. */
export interface RowSender {
  /** His key, where he is in the users' table. */
  userKey: string | undefined;
  /** His name, or what stands for it. */
  sender: string;
  /** What the message points to, where that is nowhere. */
  unmatched: Unmatched | undefined;
}

/** Reads the sender of a message. */
export function senderReader(database: DatabaseSync, tables: DjangoTables, column: string) {
  const { users, messages, usernameField } = tables;
  const resolve = resolver(database, {
    messages,
    column,
    table: users,
    option: '--users-table',
    names: () => [usernameField],
    hint: `Dump ${users} with its messages, or name the right table by --users-table.`,
  });
  return (value: SQLOutputValue | undefined): RowSender => {
    const [userKey, unmatched] = [undefined, undefined];
    if (value === null) return { userKey, sender: '(deleted)', unmatched };
    const found = resolve(value);
    const nfkc = (name: string) => name.normalize('NFKC');
    if (found.kind === 'unmatched') return { userKey, sender: found.value, unmatched: found };
    if (found.kind === 'name') return { userKey, sender: nfkc(found.name), unmatched };
    return { userKey: found.target.key, sender: nfkc(found.target.name), unmatched };
  };
}

/** Reads the room of a message. */
export function roomReader(database: DatabaseSync, tables: DjangoTables, column: string) {
  const { rooms, messages, roomNames } = tables;
  const asItIs: Resolve = (value) => ({ kind: 'name', name: String(value ?? '') });
  const resolve = roomNames
    ? asItIs
    : resolver(database, {
        messages,
        column,
        table: rooms,
        option: '--rooms-table',
        names: (there) => ['name', 'slug', 'title'].filter((usual) => there.has(usual)),
        hint: `Dump ${rooms} too, name the right table by --rooms-table, or say --room-names where rooms are called so.`,
      });
  // A room's messages stand together, so the last one is asked for again.
  let last: { value: SQLOutputValue | undefined; room: RowRoom } | undefined;
  return (value: SQLOutputValue | undefined): RowRoom => {
    if (last?.value !== value || last === undefined) last = { value, room: toRoom(value, resolve) };
    return last.room;
  };
}

function toRoom(value: SQLOutputValue | undefined, resolve: Resolve): RowRoom {
  const found: ReturnType<Resolve> = value === null ? { kind: 'name', name: '' } : resolve(value);
  // By the value as it is: rows are sorted by that.
  const key = `${typeof value} ${value}`;
  if (found.kind === 'unmatched') return { key, name: found.value, unmatched: found };
  const { name } = found.kind === 'row' ? found.target : found;
  return { key, name, unmatched: undefined };
}
