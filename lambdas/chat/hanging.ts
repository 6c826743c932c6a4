import { ParlorError } from '../../protocol/errors.ts';
import { DUPLICATE_SEARCH_BYTES } from '../../protocol/limits.ts';
import { eventsAfter } from './append.ts';
import { isMessage, type MessageEvent } from './event.ts';
import { type Kinds, type Overlay, targetOf } from './overlay.ts';
import { allEnded } from './parallel.ts';
import type { EventLog } from './ports/event-log.ts';
import type { LeaseStore } from './ports/lease-store.ts';
import type { OverlayStore } from './ports/overlay-store.ts';
import { jsonBytes } from './size.ts';

export interface HangingPorts {
  log: EventLog;
  leases: LeaseStore;
  overlays: OverlayStore;
  kinds: Kinds;
}

/** A message, and what hangs on it up to the end of the log. */
export interface Hanging {
  message: MessageEvent;
  parts: Overlay['parts'];
}

/**
 * What hangs on a message at this moment, for whoever wants to hang something more on it: what is folded,
 * and what has been stored since and is not folded yet. It takes three reads more than an append.
 *
 * @throws ParlorError `message_not_found`; `room_busy` where too much is not folded yet
 */
export async function hangingOn(
  { log, leases, overlays, kinds }: HangingPorts,
  room: string,
  target: number,
): Promise<Hanging> {
  // First: up to there all is folded by the time that the overlay is read.
  const { folded } = await leases.find(room);
  const [[message], [overlay]] = await allEnded([
    log.readBackward(room, target + 1, 1),
    overlays.find(room, [target]),
  ]);
  if (!message || message.seq !== target || !isMessage(message)) {
    throw new ParlorError(
      'message_not_found',
      `No message with the seq ${target} is kept in this room.`,
      { room },
    );
  }
  let parts = overlay?.parts ?? {};
  let bytes = 0;
  for await (const event of eventsAfter(log, room, Math.max(folded, target))) {
    bytes += jsonBytes(event);
    if (bytes > DUPLICATE_SEARCH_BYTES) throw busy(room);
    if (event.seq <= (overlay?.asOf ?? 0) || targetOf(event) !== target) continue;
    const kind = Object.hasOwn(kinds, event.type) ? kinds[event.type] : undefined;
    parts = kind?.fold(parts, event)?.parts ?? parts;
  }
  return { message, parts };
}

const busy = (room: string) =>
  new ParlorError('room_busy', 'Too much happens in this room at once. Try again in a moment.', {
    room,
    retryAfter: 1,
  });
