import type { Message } from '../../client/index.ts';
import { usernameKey } from '../../protocol/names.ts';

/** A room in one's list. */
export interface RoomSummary {
  readonly name: string;
  readonly lastMessage: Message | undefined;
  /** The seq up to which it has been read, here or on another device. */
  readonly read: number;
  /** The newest seq that is known. */
  readonly head: number;
  /** When it was last entered; ISO 8601. */
  readonly lastVisit: string;
  /** Whether anybody ever spoke there. Else it is no room yet, but maybe a mistyped address. */
  readonly spoken: boolean;
  /** Whether one's own first words wait there; undefined where that is not known. */
  readonly waiting?: boolean | undefined;
}

/** A room as `GET /api/rooms/` lists it. */
export interface ListedRoom {
  readonly room: string;
  readonly lastVisit: string;
  readonly read: number;
  readonly head: number;
  readonly lastMessage: Message | null;
}

export const summaryOf = ({ room, lastVisit, read, head, lastMessage }: ListedRoom) =>
  ({
    name: room,
    lastVisit,
    read,
    head,
    lastMessage: lastMessage ?? undefined,
    spoken: true,
  }) satisfies RoomSummary;

/** What is known of a room from two sides, the later one last: whatever is further in each. */
export function merge(one: RoomSummary, other: RoomSummary): RoomSummary {
  const newer = (one.lastMessage?.seq ?? 0) >= (other.lastMessage?.seq ?? 0) ? one : other;
  return {
    name: one.name,
    lastMessage: newer.lastMessage,
    read: Math.max(one.read, other.read),
    head: Math.max(one.head, other.head),
    lastVisit: one.lastVisit > other.lastVisit ? one.lastVisit : other.lastVisit,
    spoken: one.spoken || other.spoken,
    waiting: other.waiting ?? one.waiting,
  };
}

/** The seq up to which it has been read. The one who spoke last has read what was before. */
export function readUpTo({ read, lastMessage }: RoomSummary, username: string): number {
  const spoke = lastMessage && isSame(lastMessage.sender, username) ? lastMessage.seq : 0;
  return Math.max(read, spoke);
}

/** How many messages have not been read. */
export function unreadOf(room: RoomSummary, username: string): number {
  return Math.max(0, room.head - readUpTo(room, username));
}

/** Two names of one person. */
export const isSame = (one: string, other: string) => usernameKey(one) === usernameKey(other);

/** For a badge; more than 99 says no more than that. */
export const badge = (count: number) => (count > 99 ? '99+' : String(count));

/** The room where something was said last comes first. */
export function byActivity(one: RoomSummary, other: RoomSummary): number {
  const [a, b] = [activity(one), activity(other)];
  return a === b ? (one.name < other.name ? -1 : 1) : a < b ? 1 : -1;
}

// Visits are renewed with each connection, so they tell nothing where there are messages.
const activity = ({ lastMessage, lastVisit }: RoomSummary) =>
  new Date(lastMessage?.timestamp ?? lastVisit).toISOString();
