import { ParlorError } from '../../protocol/errors.ts';
import { removed } from './connections.ts';
import { isMessage, type RoomEvent } from './event.ts';
import { newestEvent } from './history.ts';
import { allEnded } from './parallel.ts';
import type { Clock } from './ports/clock.ts';
import type { EventLog } from './ports/event-log.ts';
import type { MembershipStore } from './ports/membership-store.ts';

export interface ReadMarkPorts {
  memberships: MembershipStore;
  log: EventLog;
  clock: Clock;
}

/**
 * Records up to where a user has read a room.
 *
 * @returns up to where he has read it now: another device may have been further
 * @throws ParlorError `after_beyond_head`, `removed_from_room`
 */
export async function markRead(
  { memberships, log, clock }: ReadMarkPorts,
  userId: string,
  room: string,
  seq: number,
): Promise<number> {
  const [membership, newest] = await allEnded([
    memberships.find(userId, room),
    newestEvent(log, room),
  ]);
  // First, for how long the room is by now is not for him to know.
  if (membership.removed) throw removed(room);
  const n = await messagesUpTo(log, room, seq, newest);
  const read = await memberships.markRead(userId, room, { seq, n }, clock.now());
  if (read === 'removed') throw removed(room);
  return read;
}

/**
 * How many messages there are up to a seq. Mostly that goes without a read: it is the newest, or the
 * room has nothing but messages.
 */
async function messagesUpTo(
  log: EventLog,
  room: string,
  seq: number,
  newest: RoomEvent | undefined,
): Promise<number> {
  if (!newest || seq > newest.seq) return await messagesAtHead(log, room, seq);
  if (seq === newest.seq || newest.n === newest.seq) return newest.n - (newest.seq - seq);
  const [last] = await log.readBackward(room, seq + 1, 1);
  if (last) return last.n;
  // It has expired. The first that is kept counts itself, where it is a message.
  const [next] = await log.readForward(room, seq, 1);
  return next ? next.n - (isMessage(next) ? 1 : 0) : newest.n;
}

/** All that could be read has been. */
async function messagesAtHead(log: EventLog, room: string, seq: number): Promise<number> {
  const head = await log.head(room);
  if (seq <= head.seq) return head.n;
  throw new ParlorError(
    'after_beyond_head',
    `The room's newest seq is ${head.seq}; "seq" may not be larger.`,
  );
}
