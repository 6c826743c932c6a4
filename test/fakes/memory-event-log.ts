import type { RoomEvent } from '../../lambdas/chat/event.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';

/** The log in memory. */
export function memoryEventLog(): EventLog {
  const rooms = new Map<string, Map<number, RoomEvent>>();

  /** A room's events by ascending seq; copies, for nobody may change the log. */
  function eventsOf(room: string): RoomEvent[] {
    const events = [...(rooms.get(room)?.values() ?? [])];
    return events.sort((a, b) => a.seq - b.seq).map((event) => ({ ...event }));
  }

  return {
    async put(event) {
      const slots = rooms.get(event.room) ?? new Map<number, RoomEvent>();
      if (slots.has(event.seq)) return 'taken';
      rooms.set(event.room, slots.set(event.seq, { ...event }));
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
      const newest = eventsOf(room).at(-1);
      return newest ? { seq: newest.seq, at: newest.at } : { seq: 0, at: 0 };
    },
  };
}
