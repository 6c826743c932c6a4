import { PAGE_DEFAULT } from '../../protocol/limits.ts';
import { isMessage, type MessageEvent, type RoomEvent } from './event.ts';
import type { HistoryPorts } from './history.ts';
import { mapParallel } from './parallel.ts';
import type { MembershipStore, Visit } from './ports/membership-store.ts';
import { overlaid } from './project.ts';
import { type Bound, within } from './size.ts';
import { unreadIn } from './unread.ts';

export interface RoomListPorts extends HistoryPorts {
  memberships: MembershipStore;
}

/** A room on somebody's list, with what is new in it. */
export interface ListedRoom {
  room: string;
  visitedAt: number;
  /** Up to where he has read it; never beyond the head. */
  read: number;
  head: number;
  /** How many messages follow on `read`. */
  unread: number;
  /** Undefined in a room where all has expired. */
  lastMessage: MessageEvent | undefined;
}

export interface RoomListPage {
  rooms: ListedRoom[];
  /** Pass as `after` for the next page; undefined at the list's end. */
  next: Visit | undefined;
}

/** A page by default. Their memberships, and the two items for each newest event, fit in a batch each. */
const ROOMS_AT_ONCE = PAGE_DEFAULT;
/** Rooms that are asked once more, where nothing is kept or what came last is no message. */
const ASKED_AT_ONCE = 20;

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
    found = within([...found, ...(await lookAt(ports, userId, next))], {
      count: visits.length,
      bytes,
      bytesOf: (room) => (room ? bytesOf(room) : 0),
    });
  }
  return found;
}

/** Rooms by a few reads for all of them together; undefined for each that is left out. */
async function lookAt(
  ports: RoomListPorts,
  userId: string,
  visits: readonly Visit[],
): Promise<(ListedRoom | undefined)[]> {
  const { memberships, log } = ports;
  const rooms = visits.map(({ room }) => room);
  // Before the heads, which only grow: what was read is never beyond them.
  const members = await memberships.findAll(userId, rooms);
  const mine = visits.flatMap((visit, index) => {
    const member = members[index];
    return member && !member.removed ? [{ visit, member }] : [];
  });
  const newest = await log.newest(mine.map(({ visit }) => visit.room));
  const looked = await mapParallel(
    [...mine.entries()],
    ASKED_AT_ONCE,
    async ([index, { visit, member }]) => {
      const { room, at: visitedAt } = visit;
      const { read } = member;
      const last = newest[index];
      if (!last && read === 0 && (await log.head(room)).seq === 0) return undefined;
      // What has expired is not unread.
      const head = Math.max(read, last?.seq ?? 0);
      const lastMessage = await messageUpTo(ports, last);
      return { room, visitedAt, read, head, unread: unreadIn(last, member), lastMessage };
    },
  );
  const byRoom = new Map(looked.flatMap((room) => (room ? [[room.room, room]] : [])));
  return rooms.map((room) => byRoom.get(room));
}

/** The newest message up to an event, unless it has expired. Mostly the event is one. */
async function messageUpTo(
  ports: HistoryPorts,
  event: RoomEvent | undefined,
): Promise<MessageEvent | undefined> {
  // Nothing can hang on a message that nothing follows.
  if (!event || isMessage(event)) return event;
  const { room, m } = event;
  const [last] = m > 0 ? await ports.log.readBackward(room, m + 1, 1) : [];
  const [shown] = last && isMessage(last) ? await overlaid(ports, room, [last]) : [];
  return shown;
}
