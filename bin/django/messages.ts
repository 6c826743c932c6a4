import { parseContent } from '../../features/messages/rules.ts';
import { USERNAME_CHARS } from '../../protocol/limits.ts';
import { parseRoomName, usernameKey } from '../../protocol/names.ts';
import type { ArchiveRecord } from '../transfer/records.ts';
import type { MessageRow, MessageRows } from './message-rows.ts';
import type { Unmatched } from './row-references.ts';

/** What a Django chat can hold: nothing there expires. */
export type DjangoRecord = Exclude<ArchiveRecord, { record: 'expired' }>;

export interface DjangoMessages {
  /** What can't be brought in, one sentence for each. */
  problems: string[];
  /** What is else to be known. */
  notes: string[];
  /** Who wrote where, as members who have read everything; then all messages, room by room. */
  records(): Generator<DjangoRecord>;
}

/** A sender who is nowhere: his messages can't come, for nobody knows his name. */
interface LostSender extends Unmatched {
  messages: number;
  /** Where the first of them stands. */
  first: string;
}

/** What is known of a room after all messages were looked at. */
interface DjangoRoom {
  /** Its name there. */
  was: string;
  /** Its name here, undefined where it can't come. */
  name: string | undefined;
  problem: string | undefined;
  messages: number;
  /** Users who wrote there, and when they did last. */
  visits: Map<string, number>;
}

/**
 * How far ahead a message's time may be, in milliseconds: a database without time zones may hold
 * that of a place. In a room time never runs backwards: one that is further ahead would be the time
 * of all that is said here after it.
 */
const AHEAD_MS = 24 * 60 * 60 * 1_000;

/**
 * @param left keys of users who are not brought in
 * @param now milliseconds since 1970
 */
export function readMessages(
  rows: MessageRows,
  left: ReadonlySet<string>,
  now: number,
): DjangoMessages {
  const rooms = new Map<string, DjangoRoom>();
  const taken = new Map<string, string>();
  const bad = new Map<string, string>();
  const lost = new Map<string, LostSender>();
  let strangers = 0;
  for (const row of rows.unsorted()) {
    const room = rooms.get(row.room.key) ?? newRoom(row, taken);
    rooms.set(row.room.key, room);
    if (row.unmatched && room.name !== undefined) {
      noteLost(lost, row, row.unmatched);
      continue;
    }
    const problem = problemOf(row, now + AHEAD_MS);
    if (problem && room.name !== undefined) {
      bad.set(row.key, `${row.place} in ${row.room.name}: ${problem}`);
      continue;
    }
    room.messages++;
    const userId = userIdOf(row, left);
    if (userId === undefined) strangers++;
    else room.visits.set(userId, Math.max(row.at ?? 0, room.visits.get(userId) ?? 0));
  }

  const refused = [...rooms.values()].flatMap(({ was, problem, messages }) =>
    problem ? [`Room "${was}" with ${messages} messages: ${problem}`] : [],
  );
  const nobodys = [...lost.values()].map(
    ({ value, why, messages, first }) =>
      `Sender "${value}" of ${messages} messages: ${why} First: ${first}.`,
  );
  return {
    problems: [...refused, ...nobodys, ...bad.values()],
    notes: strangers > 0 ? [`${strangers} messages are of users who don't come.`] : [],
    *records() {
      for (const room of rooms.values()) yield* membersOf(room);
      for (const [row, room, seq] of numbered(rows.byRoom(), rooms, bad)) {
        const id = `django-${row.key}`;
        const { sender, content } = row;
        // No name of an account holds a colon, so nobody can become this one later.
        const userId = userIdOf(row, left) ?? `django:${row.userKey ?? sender}`;
        const event = { type: 'message', room, seq, id, userId, sender, clientId: id } as const;
        yield { record: 'event', ...event, content, at: row.at ?? 0 };
      }
    },
  };
}

function newRoom(
  { room: { name: was, unmatched }, place }: MessageRow,
  taken: Map<string, string>,
) {
  const room = { was, messages: 0, visits: new Map<string, number>() };
  const refuse = (problem: string): DjangoRoom => ({ ...room, name: undefined, problem });
  if (unmatched) return refuse(`${unmatched.why} First: ${place}.`);
  const name = roomName(was);
  if (name === undefined) return refuse('Its name does not fit the rules here.');
  const twin = taken.get(name);
  if (twin !== undefined) return refuse(`Its name is the same as that of "${twin}" here.`);
  taken.set(name, was);
  return { ...room, name, problem: undefined };
}

function noteLost(
  lost: Map<string, LostSender>,
  { place }: MessageRow,
  { value, why }: Unmatched,
): void {
  const { messages, first } = lost.get(value) ?? { messages: 0, first: place };
  lost.set(value, { value, why, first, messages: messages + 1 });
}

function roomName(raw: string): string | undefined {
  try {
    return parseRoomName(raw);
  } catch {
    return undefined;
  }
}

function problemOf({ at, sender, content, garbled }: MessageRow, latest: number) {
  if (garbled) return 'Its text is not UTF-8.';
  if (at === null) return 'Its timestamp is none.';
  if (at > latest) return 'Its timestamp lies in the future.';
  if ([...sender].length > USERNAME_CHARS) return "Its sender's name is too long.";
  try {
    parseContent(content);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const userIdOf = ({ userKey, sender }: MessageRow, left: ReadonlySet<string>) =>
  userKey === undefined || left.has(userKey) ? undefined : usernameKey(sender);

function* membersOf({ name, visits, messages }: DjangoRoom): Generator<DjangoRecord> {
  if (name === undefined) return;
  for (const [userId, visitedAt] of visits) {
    yield { record: 'member', room: name, userId, visitedAt, readTo: messages };
  }
}

/** The messages that come, by time in each room, with its name here and their seqs. */
function* numbered(
  rows: Iterable<MessageRow>,
  rooms: ReadonlyMap<string, DjangoRoom>,
  bad: ReadonlyMap<string, string>,
): Generator<[MessageRow, string, number]> {
  let room: string | undefined;
  let seq = 0;
  for (const row of rows) {
    const name = rooms.get(row.room.key)?.name;
    if (name === undefined || row.unmatched || bad.has(row.key)) continue;
    if (name !== room) [room, seq] = [name, 0];
    yield [row, name, ++seq];
  }
}
