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
  const frames = events.map(framesOf);
  return {
    legacy: frames.map(({ legacy }) => JSON.stringify(legacy)),
    v1: pack(
      frames.map(({ v1 }) => JSON.stringify(v1)),
      events[0]?.room ?? '',
    ),
  };
}

/** What an event takes in the frames of a task: once for each dialect, each a string within JSON. */
export function framedBytes(event: RoomEvent): number {
  const { legacy, v1 } = framesOf(event);
  return nestedBytes(legacy) + nestedBytes(v1);
}

function framesOf(event: RoomEvent): { legacy: LegacyChatMessageFrame; v1: ChatMessageFrame } {
  const legacy: LegacyChatMessageFrame = {
    type: 'chat_message',
    sender: event.sender,
    content: event.content,
    timestamp: frameTimestamp(event.at),
    room: event.room,
  };
  const { seq, id, clientId } = event;
  return { legacy, v1: { ...legacy, seq, id, clientId } };
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
