import { ERRORS, type ParlorError } from '../../protocol/errors.ts';
import type { AckFrame, ErrorFrame } from '../../protocol/frames.ts';
import { frameTimestamp } from '../../protocol/timestamp.ts';
import type { RoomEvent } from './event.ts';

/** The answer to a message that is stored. */
export function ackFrame(event: RoomEvent, duplicate: boolean, ref: string | undefined): AckFrame {
  return {
    type: 'ack',
    ...(ref !== undefined && { ref }),
    room: event.room,
    seq: event.seq,
    id: event.id,
    clientId: event.clientId,
    timestamp: frameTimestamp(event.at),
    duplicate,
  };
}

/** An error as a frame. */
export function errorFrame(error: ParlorError, ref = error.details.ref): ErrorFrame {
  const { code, message, details } = error;
  return {
    type: 'error',
    ...(ref !== undefined && { ref }),
    code,
    ...(details.room !== undefined && { room: details.room }),
    message,
    retryable: ERRORS[code].retryable,
    ...(details.current && { current: details.current }),
    ...(details.retryAfter !== undefined && { retryAfter: details.retryAfter }),
  };
}
