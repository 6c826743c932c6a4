import { ParlorError } from '../../protocol/errors.ts';
import {
  type Admit,
  type Appended,
  type AppendPorts,
  append,
  type Draft,
  eventsAfter,
  isSameEvent,
} from './append.ts';
import type { Connection } from './connection.ts';
import type { Head } from './ports/event-log.ts';
import type { FanOut, FanOutReport } from './ports/fan-out.ts';
import type { Inbox, QueuedDraft } from './ports/inbox.ts';
import type { Meter } from './ports/meter.ts';

export interface PublishPorts extends AppendPorts {
  fanOut: FanOut;
  inbox: Inbox;
  meter: Meter;
}

/** A stored event. */
export interface Published extends Appended {
  /** Absent for a duplicate: its first attempt saw to it or, if that died, the audit does. */
  fanOut?: FanOutReport;
}

/** An event that waits in the room's inbox; the holder of the lease puts it in the log, and answers the sender. */
export interface Queued {
  /** The log holds it nowhere up to this seq. */
  searched: number;
  fanOut: FanOutReport;
}

/** Slots to try for before a draft is queued for the holder of the lease. */
const SLOTS_BEFORE_QUEUEING = 3;

/** How long a sender without a connection waits until its draft is in the log. */
const WAIT_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Where the sender is answered, if the event can't be stored at once. */
export type Reply = NonNullable<QueuedDraft['reply']>;

export interface PublishOptions {
  /** Where a sender with a connection is answered. */
  reply?: Reply | undefined;
  /** The room's head, if it has just been read. */
  head?: Head | undefined;
  /** As for `append`. */
  admit?: Admit | undefined;
}

/**
 * Stores an event, then brings it to the room. A `Published` is stored, whatever became of the
 * fan-out; a `Queued` has not been acknowledged yet.
 *
 * @throws ParlorError of `append`
 */
export async function publish(
  ports: PublishPorts,
  draft: Draft,
  { reply, head, admit }: PublishOptions = {},
): Promise<Published | Queued> {
  const id = ports.random.id();
  const began = ports.clock.now();
  const appended = await append(ports, draft, id, SLOTS_BEFORE_QUEUEING, head, admit);
  if ('searched' in appended) {
    return await enqueue(ports, { ...draft, id, searched: appended.searched, reply });
  }
  ports.meter.measure('AppendLatency', ports.clock.now() - began);
  if (appended.duplicate) return appended;
  return { ...appended, fanOut: await ports.fanOut.deliver(appended.event) };
}

/**
 * The same for a sender without a connection, who waits for the answer.
 *
 * @throws ParlorError also `room_busy`: it may be stored yet, so retry with the same clientId
 */
export async function publishAndWait(
  ports: PublishPorts,
  draft: Draft,
  admit?: Admit,
): Promise<Published> {
  const sent = { ...draft, clientId: draft.clientId ?? ports.random.id() };
  const deadline = ports.clock.now() + WAIT_MS;
  const published = await publish(ports, sent, { admit });
  if ('event' in published) return published;
  const { fanOut } = published;
  for (let after = published.searched; ports.clock.now() < deadline; ) {
    await ports.clock.sleep(LOOK_EVERY_MS);
    for await (const event of eventsAfter(ports.log, sent.room, after)) {
      if (isSameEvent(event, sent)) return { event, duplicate: false, fanOut };
      after = event.seq;
    }
  }
  throw new ParlorError(
    'room_busy',
    'Too many write to this room at once. It may be stored yet: send it again with the same key.',
    { retryAfter: 1 },
  );
}

async function enqueue(
  ports: PublishPorts,
  draft: Omit<QueuedDraft, 'leftAt' | 'clientId'> & Pick<Draft, 'clientId'>,
): Promise<Queued> {
  const leftAt = ports.clock.now();
  await ports.inbox.enqueue({ ...draft, clientId: draft.clientId ?? draft.id, leftAt });
  return { searched: draft.searched, fanOut: await ports.fanOut.wake(draft.room, true) };
}

/** @throws ParlorError `not_joined` */
export function requireJoined(connection: Connection, room: string): void {
  if (connection.rooms.has(room)) return;
  throw new ParlorError('not_joined', `You are not in the room "${room}". Join it first.`, {
    room,
  });
}
