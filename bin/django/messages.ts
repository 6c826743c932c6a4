import { parseContent } from '../../lambdas/chat/content.ts';
import { USERNAME_CHARS } from '../../protocol/limits.ts';
import { parseRoomName, usernameKey } from '../../protocol/names.ts';
import type { ArchiveRecord } from '../transfer/records.ts';
import type { MessageRow, MessageRows } from './message-rows.ts';

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

/** What is known of a room after all messages were looked at. */
interface DjangoRoom {
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
  let strangers = 0;
  for (const row of rows.unsorted()) {
    const room = rooms.get(row.room) ?? newRoom(row.room, taken);
    rooms.set(row.room, room);
    const problem = problemOf(row, now + AHEAD_MS);
    if (problem && room.name !== undefined) {
      bad.set(row.key, `Message ${row.key} in ${row.room}: ${problem}`);
      continue;
    }
    room.messages++;
    const userId = userIdOf(row, left);
    if (userId === undefined) strangers++;
    else room.visits.set(userId, Math.max(row.at ?? 0, room.visits.get(userId) ?? 0));
  }

  const refused = [...rooms].flatMap(([name, { problem, messages }]) =>
    problem ? [`Room "${name}" with ${messages} messages: ${problem}`] : [],
  );
  return {
    problems: [...refused, ...bad.values()],
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

function newRoom(raw: string, taken: Map<string, string>): DjangoRoom {
  const room = { messages: 0, visits: new Map<string, number>() };
  const refuse = (problem: string) => ({ ...room, name: undefined, problem });
  const name = roomName(raw);
  if (name === undefined) return refuse('Its name does not fit the rules here.');
  const twin = taken.get(name);
  if (twin !== undefined) return refuse(`Its name is the same as that of "${twin}" here.`);
  taken.set(name, raw);
  return { ...room, name, problem: undefined };
}

function roomName(raw: string): string | undefined {
  try {
    return parseRoomName(raw);
  } catch {
    return undefined;
  }
}

function problemOf({ at, sender, content }: MessageRow, latest: number): string | undefined {
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
    const name = rooms.get(row.room)?.name;
    if (name === undefined || bad.has(row.key)) continue;
    if (name !== room) [room, seq] = [name, 0];
    yield [row, name, ++seq];
  }
}
