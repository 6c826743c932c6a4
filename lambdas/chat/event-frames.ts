import type { EventFrame, EventsFrame, LegacyChatMessageFrame } from '../../protocol/frames.ts';
import { FRAME_BYTES } from '../../protocol/limits.ts';
import { frameTimestamp } from '../../protocol/timestamp.ts';
import type { Dialect } from './connection.ts';
import { isMessage, MESSAGE, type MessageEvent, type RoomEvent } from './event.ts';
import { nestedBytes } from './size.ts';

/**
 * Events as the texts of frames, in order, once for each dialect: the same texts go to everyone.
 * Old clients get one frame for each event; the others get as many in a frame as it holds.
 */
export function eventFrames(events: readonly RoomEvent[]): Record<Dialect, string[]> {
  return {
    // A message that was deleted in the same moment says nothing.
    legacy: events
      .filter(isMessage)
      .filter(({ payload }) => payload.content !== '')
      .map((message) => JSON.stringify(legacyFrame(message))),
    v1: pack(
      events.map((event) => JSON.stringify(eventFrame(event))),
      events[0]?.room ?? '',
    ),
  };
}

/** What an event takes in the frames of a task: once for each dialect, each a string within JSON. */
export function framedBytes(event: RoomEvent): number {
  const legacy = isMessage(event) ? nestedBytes(legacyFrame(event)) : 0;
  return legacy + nestedBytes(eventFrame(event));
}

/** Exactly what the old chat sent. */
const legacyFrame = ({ sender, payload, at, room }: MessageEvent): LegacyChatMessageFrame => ({
  type: 'chat_message',
  sender,
  content: payload.content,
  timestamp: frameTimestamp(at),
  room,
});

/** An event of any kind. A message keeps the name that it had in the old chat. */
function eventFrame(event: RoomEvent): EventFrame {
  const { type, sender, payload, at, room, seq, id, clientId, erased } = event;
  return {
    type: type === MESSAGE ? 'chat_message' : type,
    sender,
    ...payload,
    timestamp: frameTimestamp(at),
    ...{ room, seq, id, clientId },
    ...(erased && !isMessage(event) && { erased }),
  };
}

/** One event travels as it is, several in a frame around them. */
function pack(texts: readonly string[], room: string): string[] {
  const empty: EventsFrame = { type: 'events', room, events: [] };
  const [head = '', tail = ''] = JSON.stringify(empty).split(/(?<=\[)(?=\])/);
  const around = Buffer.byteLength(head + tail);

  const frames: string[] = [];
  let packed: string[] = [];
  let bytes = around;
  const flush = () => {
    if (packed.length === 1) frames.push(...packed);
    if (packed.length > 1) frames.push(head + packed.join(',') + tail);
    packed = [];
    bytes = around;
  };
  for (const text of texts) {
    const more = Buffer.byteLength(text) + 1;
    if (bytes + more > FRAME_BYTES) flush();
    packed.push(text);
    bytes += more;
  }
  flush();
  return frames;
}
