import type {
  ChatMessageFrame,
  EventsFrame,
  LegacyChatMessageFrame,
} from '../../protocol/frames.ts';
import { FRAME_BYTES } from '../../protocol/limits.ts';
import { frameTimestamp } from '../../protocol/timestamp.ts';
import type { Dialect } from './connection.ts';
import type { RoomEvent } from './event.ts';
import { nestedBytes } from './size.ts';

/**
 * Events as the texts of frames, in order, once for each dialect: the same texts go to everyone.
 * Old clients get one frame for each event; the others get as many in a frame as it holds.
 */
export function eventFrames(events: readonly RoomEvent[]): Record<Dialect, string[]> {
  return {
    legacy: events.map((event) => JSON.stringify(legacyFrame(event))),
    v1: pack(
      events.map((event) => JSON.stringify(v1Frame(event))),
      events[0]?.room ?? '',
    ),
  };
}

/** What an event takes in the frames of a task: once for each dialect, each a string within JSON. */
export const framedBytes = (event: RoomEvent): number =>
  nestedBytes(legacyFrame(event)) + nestedBytes(v1Frame(event));

function legacyFrame(event: RoomEvent): LegacyChatMessageFrame {
  return {
    type: 'chat_message',
    sender: event.sender,
    content: event.content,
    timestamp: frameTimestamp(event.at),
    room: event.room,
  };
}

function v1Frame(event: RoomEvent): ChatMessageFrame {
  return {
    ...legacyFrame(event),
    seq: event.seq,
    id: event.id,
    clientId: event.clientId,
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
