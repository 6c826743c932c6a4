import { eventsAfter } from '../../lambdas/chat/append.ts';
import { type Counters, countersOf } from '../../lambdas/chat/counters.ts';
import { countersAfter, type RoomEvent } from '../../lambdas/chat/event.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import type { ArchivedEvent, Located } from './records.ts';

/** What a room holds: whose messages at which seqs, and which seq is free. */
interface Room {
  name: string;
  messages: Map<string, number>;
  /** Where the room has what the records hold at a seq. */
  moved: Map<number, number>;
  next: number;
  /** What the event before that counts. */
  counters: Counters;
}

/** A sender gives an id to one message only: where it is there, so is the message, whatever its seq. */
const messageOf = ({ userId, clientId }: Pick<RoomEvent, 'userId' | 'clientId'>) =>
  JSON.stringify([userId, clientId]);

/**
 * Records for rooms that hold something else at the same seqs: what a room has is left out, and the
 * rest goes behind it. Seqs stay as they were where they are free; else they are the next. All else of
 * a message stays, but that what names a message goes on naming that where it has another seq here. Where
 * that is gone a reply answers none, and an edit or a deletion is left out. A room's senders and their ids are kept in memory, some 100 bytes a
 * message.
 */
export async function* putBehind(
  log: EventLog,
  records: AsyncIterable<Located>,
): AsyncGenerator<Located> {
  let room: Room | undefined;
  for await (const located of records) {
    const { record, place } = located;
    // Where something had expired there, there may be something here.
    if (record.record === 'expired') continue;
    if (record.record !== 'event') {
      yield located;
      continue;
    }
    if (room?.name !== record.room) room = await readRoom(log, record.room);
    const message = messageOf(record);
    const there = room.messages.get(message);
    const seq = there ?? Math.max(record.seq, room.next);
    room.moved.set(record.seq, seq);
    if (there !== undefined) continue;
    const event = renumbered(record, room.moved);
    if (!event) continue;
    room.messages.set(message, seq);
    if (seq > room.next) {
      const [from, to] = [room.next, seq - 1];
      yield { place, record: { record: 'expired', room: room.name, from, to } };
      // As if they had been messages: so does whoever passes over them.
      room.counters.n += seq - room.next;
      room.counters.m = to;
    }
    room.counters = countersAfter({ seq: seq - 1, ...room.counters }, record.type);
    room.next = seq + 1;
    yield { place, record: { ...event, seq, ...room.counters } };
  }
}

/** Members of payloads that name another event by a seq, which is another one here. */
const REFERENCES = ['replyTo', 'target', 'baseVersion'] as const;

/** @returns undefined for what hangs on a message that is gone */
function renumbered(
  event: ArchivedEvent,
  moved: ReadonlyMap<number, number>,
): ArchivedEvent | undefined {
  if (!event.payload) return event;
  const payload = { ...event.payload };
  for (const name of REFERENCES) {
    const named = payload[name];
    if (typeof named !== 'number') continue;
    const seq = moved.get(named);
    if (seq === undefined && name === 'target') return undefined;
    // For a version that is gone stands the first: nobody looks at it any more.
    const instead = name === 'baseVersion' ? payload.target : undefined;
    payload[name] = seq ?? instead;
    if (payload[name] === undefined) delete payload[name];
  }
  return { ...event, payload };
}

async function readRoom(log: EventLog, name: string): Promise<Room> {
  const messages = new Map<string, number>();
  const head = await log.head(name);
  for await (const event of eventsAfter(log, name, 0, head.seq)) {
    messages.set(messageOf(event), event.seq);
  }
  const moved = new Map<number, number>();
  return { name, messages, moved, next: head.seq + 1, counters: countersOf(head) };
}
