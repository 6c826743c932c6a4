import type { RoomEvent } from '../../lambdas/chat/event.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';

/** Events by the seq of the first, as they were put: one, or several together. */
type Slots = Map<number, RoomEvent[]>;

/** The log in memory. */
export function memoryEventLog(): EventLog {
  const rooms = new Map<string, Slots>();

  /** What was put into a room, by ascending seq. */
  function groupsOf(room: string): RoomEvent[][] {
    const slots: Slots = rooms.get(room) ?? new Map();
    return [...slots].sort(([a], [b]) => a - b).map(([, group]) => group);
  }

  /** A room's events; copies, for nobody may change the log. */
  const eventsOf = (room: string): RoomEvent[] =>
    groupsOf(room).flatMap((group) => group.map((event) => ({ ...event })));

  return {
    async put(first, ...rest) {
      const slots: Slots = rooms.get(first.room) ?? new Map();
      if (slots.has(first.seq)) return 'taken';
      const group = [first, ...rest].map((event) => ({ ...event }));
      rooms.set(first.room, slots.set(first.seq, group));
      return 'stored';
    },

    async readForward(room, after, limit) {
      return eventsOf(room)
        .filter(({ seq }) => seq > after)
        .slice(0, limit);
    },

    async readBackward(room, before, limit) {
      return eventsOf(room)
        .filter(({ seq }) => seq < before)
        .reverse()
        .slice(0, limit);
    },

    async head(room) {
      const last = groupsOf(room).at(-1)?.at(-1);
      if (!last) return { seq: 0, at: 0 };
      const { seq, at, crowded } = last;
      return { seq, at, ...(crowded && { crowded }) };
    },
  };
}
