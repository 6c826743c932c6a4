import type { RoomEvent } from '../../lambdas/chat/event.ts';
import type { Clock } from '../../lambdas/chat/ports/clock.ts';
import type { Enough, EventLog, Head } from '../../lambdas/chat/ports/event-log.ts';
import type { LeaseStore } from '../../lambdas/chat/ports/lease-store.ts';

/** The fewest that are enough, where a table gives some more. Halving, for it stays enough. */
function upToEnough(events: RoomEvent[], enough?: Enough): RoomEvent[] {
  if (!enough?.(events)) return events;
  let [tooFew, many] = [0, events.length];
  while (many - tooFew > 1) {
    const middle = (tooFew + many) >> 1;
    if (enough(events.slice(0, middle))) many = middle;
    else tooFew = middle;
  }
  return events.slice(0, many);
}

/** What was put together, and until when it is kept. */
interface Group {
  events: RoomEvent[];
  expiresAt: number;
}

/** Groups by the seq of their first event. */
type Slots = Map<number, Group>;

/** Logs by their room; what is taken out of them is as deleted. */
export type MemoryLogs = Map<string, Slots>;

export interface MemoryLogOptions {
  clock?: Pick<Clock, 'now'>;
  retentionMs?: number | undefined;
  /** Asked how far a room had grown that is empty, or whose events may have expired. */
  leases?: Pick<LeaseStore, 'find'>;
  rooms?: MemoryLogs;
}

/** The log in memory. */
export function memoryEventLog(options: MemoryLogOptions = {}): EventLog {
  const { clock = { now: Date.now }, leases, rooms = new Map() } = options;
  const retentionMs = options.retentionMs ?? Number.POSITIVE_INFINITY;
  const isKept = ({ expiresAt }: Group) => expiresAt > clock.now();

  /** What was put into a room, by ascending seq. */
  function groupsOf(room: string): Group[] {
    const slots: Slots = rooms.get(room) ?? new Map();
    return [...slots].sort(([a], [b]) => a - b).map(([, group]) => group);
  }

  /** Events; copies, for nobody may change the log. */
  const eventsOf = (groups: Group[]): RoomEvent[] =>
    groups.flatMap(({ events }) => events.map((event) => ({ ...event })));

  function newestThere(room: string): Head {
    const last = groupsOf(room).at(-1)?.events.at(-1);
    if (!last) return { seq: 0, at: 0 };
    const { seq, at, crowded } = last;
    return { seq, at, ...(crowded && { crowded }) };
  }

  return {
    async put(first, ...rest) {
      const slots: Slots = rooms.get(first.room) ?? new Map();
      if (slots.has(first.seq)) return 'taken';
      const events = [first, ...rest].map((event) => ({ ...event }));
      // To the second, like DynamoDB.
      const expiresAt = Math.ceil((first.at + retentionMs) / 1_000) * 1_000;
      rooms.set(first.room, slots.set(first.seq, { events, expiresAt }));
      return 'stored';
    },

    async readForward(room, after, limit, enough) {
      const events = eventsOf(groupsOf(room).filter(isKept)).filter(({ seq }) => seq > after);
      return upToEnough(events.slice(0, limit), enough);
    },

    async readBackward(room, before, limit, enough) {
      const groups = groupsOf(room).filter(({ events }) => (events[0]?.seq ?? 0) < before);
      const kept = groups.slice(groups.findLastIndex((group) => !isKept(group)) + 1);
      const events = eventsOf(kept).filter(({ seq }) => seq < before);
      return upToEnough(events.reverse().slice(0, limit), enough);
    },

    async head(room) {
      const found = newestThere(room);
      const { pumped = 0, head = 0 } = (await leases?.find(room)) ?? {};
      const reached = Math.max(pumped, head);
      return reached > found.seq ? { seq: reached, at: found.at } : found;
    },
  };
}
