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
 * a message stays, but that a reply goes on answering its message where that has another seq here, and
 * answers none where that is gone. A room's senders and their ids are kept in memory, some 100 bytes a
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
    yield { place, record: { ...renumbered(record, room.moved), seq, ...room.counters } };
  }
}

/** A reply names its message by a seq, which is another one here. */
function renumbered(
  { payload, ...event }: ArchivedEvent,
  moved: ReadonlyMap<number, number>,
): ArchivedEvent {
  if (typeof payload?.replyTo !== 'number') return { ...event, ...(payload && { payload }) };
  const { replyTo, ...rest } = payload;
  const seq = moved.get(replyTo);
  return { ...event, payload: { ...rest, ...(seq !== undefined && { replyTo: seq }) } };
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
