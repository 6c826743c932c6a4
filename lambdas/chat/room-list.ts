import { ParlorError } from '../../protocol/errors.ts';
import { removed } from './connections.ts';
import type { RoomEvent } from './event.ts';
import { newestSeq } from './history.ts';
import { allEnded, mapParallel } from './parallel.ts';
import type { Clock } from './ports/clock.ts';
import type { EventLog } from './ports/event-log.ts';
import type { MembershipStore, Visit } from './ports/membership-store.ts';
import { type Bound, within } from './size.ts';

export interface RoomListPorts {
  memberships: MembershipStore;
  log: EventLog;
  clock: Clock;
}

/** A room on somebody's list, with what is new in it. */
export interface ListedRoom {
  room: string;
  visitedAt: number;
  /** Up to where he has read it; never beyond the head. */
  read: number;
  head: number;
  /** Undefined in a room where all has expired. */
  lastMessage: RoomEvent | undefined;
}

export interface RoomListPage {
  rooms: ListedRoom[];
  /** Pass as `after` for the next page; undefined at the list's end. */
  next: Visit | undefined;
}

/** Each room takes two reads; one that is empty a few more. */
const ROOMS_AT_ONCE = 20;

/**
 * Rooms of a user, latest visit first. Those that he was removed from are left out, and those in
 * which nobody ever spoke, for a mistyped address enters a room too: so a page may hold fewer than it
 * might, or none.
 */
export async function listRooms(
  ports: RoomListPorts,
  userId: string,
  bound: Bound<ListedRoom>,
  after?: Visit,
): Promise<RoomListPage> {
  const visits = await ports.memberships.visits(userId, bound.count + 1, after);
  const found = await lookWithin(ports, userId, visits.slice(0, bound.count), bound);
  return {
    rooms: found.filter((room) => room !== undefined),
    next: visits.length > found.length ? visits[found.length - 1] : undefined,
  };
}

/** The first rooms that fit together, undefined for those that are left out. */
async function lookWithin(
  ports: RoomListPorts,
  userId: string,
  visits: readonly Visit[],
  { bytes, bytesOf }: Bound<ListedRoom>,
): Promise<(ListedRoom | undefined)[]> {
  let found: (ListedRoom | undefined)[] = [];
  // Not all at once: where few fit, the others would be read for nothing.
  for (let from = 0; found.length === from && from < visits.length; from += ROOMS_AT_ONCE) {
    const next = visits.slice(from, from + ROOMS_AT_ONCE);
    const looked = await mapParallel(next, ROOMS_AT_ONCE, (visit) => look(ports, userId, visit));
    found = within([...found, ...looked], {
      count: visits.length,
      bytes,
      bytesOf: (room) => (room ? bytesOf(room) : 0),
    });
  }
  return found;
}

async function look(
  { memberships, log }: RoomListPorts,
  userId: string,
  { room, at: visitedAt }: Visit,
): Promise<ListedRoom | undefined> {
  // Before the head, which only grows: what was read is never beyond it.
  const { read, removed: wasRemoved } = await memberships.find(userId, room);
  if (wasRemoved) return undefined;
  const [lastMessage] = await log.readBackward(room, Number.MAX_SAFE_INTEGER, 1);
  if (!lastMessage && read === 0 && (await log.head(room)).seq === 0) return undefined;
  // What has expired is not unread.
  const head = Math.max(read, lastMessage?.seq ?? 0);
  return { room, visitedAt, read, head, lastMessage };
}

/**
 * Records up to where a user has read a room.
 *
 * @returns up to where he has read it now: another device may have been further
 * @throws ParlorError `after_beyond_head`, `removed_from_room`
 */
export async function markRead(
  { memberships, log, clock }: RoomListPorts,
  userId: string,
  room: string,
  seq: number,
): Promise<number> {
  const [membership, newest] = await allEnded([
    memberships.find(userId, room),
    newestSeq(log, room),
  ]);
  // First, for how long the room is by now is not for him to know.
  if (membership.removed) throw removed(room);
  if (seq > newest) await refuseBeyondHead(log, room, seq);
  const read = await memberships.markRead(userId, room, seq, clock.now());
  if (read === 'removed') throw removed(room);
  return read;
}

async function refuseBeyondHead(log: EventLog, room: string, seq: number): Promise<void> {
  const head = await log.head(room);
  if (seq <= head.seq) return;
  throw new ParlorError(
    'after_beyond_head',
    `The room's newest seq is ${head.seq}; "seq" may not be larger.`,
  );
}
