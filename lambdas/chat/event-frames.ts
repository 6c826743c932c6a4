import type { ChatMessageFrame, LegacyChatMessageFrame } from '../../protocol/frames.ts';
import { frameTimestamp } from '../../protocol/timestamp.ts';
import type { Dialect } from './connection.ts';
import type { RoomEvent } from './event.ts';

/** An event as the text of a frame, once for each dialect: the same text goes to everyone. */
export function eventFrames(event: RoomEvent): Record<Dialect, string> {
  const legacy: LegacyChatMessageFrame = {
    type: 'chat_message',
    sender: event.sender,
    content: event.content,
    timestamp: frameTimestamp(event.at),
    room: event.room,
  };
  const v1: ChatMessageFrame = {
    ...legacy,
    seq: event.seq,
    id: event.id,
    clientId: event.clientId,
  };
  return { legacy: JSON.stringify(legacy), v1: JSON.stringify(v1) };
}
