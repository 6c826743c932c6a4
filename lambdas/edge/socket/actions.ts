import type {
  AckFrame,
  JoinedFrame,
  JoinFrame,
  LeaveFrame,
  LeftFrame,
  PingFrame,
  PongFrame,
  SendMessageFrame,
  ServerFrame,
} from '../../../protocol/frames.ts';
import { parseRoomName } from '../../../protocol/names.ts';
import { frameTimestamp } from '../../../protocol/timestamp.ts';
import type { Connection } from '../../chat/connection.ts';
import { type ConnectionPorts, headsOf, joinRoom } from '../../chat/connections.ts';
import { requireJoined, type SendPorts, type Sent, sendMessage } from '../../chat/send-message.ts';
import { type Notes, noteFanOut } from '../journal.ts';
import type { Action, ClientFrame } from './parse-frame.ts';

/** One thing a client can ask for. Answers with a frame, or with silence. */
type Handle<Ports, A extends Action> = (
  ports: Ports,
  connection: Connection,
  frame: Extract<ClientFrame, { action: A }>,
  notes: Notes,
) => Promise<ServerFrame | undefined>;

/** Some of the actions; a function serves those that its route brings. */
export type Actions<Ports> = { [A in Action]?: Handle<Ports, A> };

/** What the send-message function does. */
export const sendActions = {
  async sendMessage(ports, connection, frame, notes): Promise<AckFrame> {
    const room = parseRoomName(frame.room);
    const { event, duplicate } = await send(ports, connection, { ...frame, room }, notes);
    return {
      type: 'ack',
      ...refTo(frame),
      room,
      seq: event.seq,
      id: event.id,
      clientId: event.clientId,
      timestamp: frameTimestamp(event.at),
      duplicate,
    };
  },

  /** The old clients know no answer: they see their message come back, like everyone else. */
  async shorthand(ports, connection, { message }, notes): Promise<undefined> {
    await send(ports, connection, { room: connection.homeRoom, content: message }, notes);
  },
} satisfies Actions<SendPorts>;

/** What the room-action function does. */
export const roomActions = {
  async join(ports, connection, frame, notes): Promise<JoinedFrame> {
    const room = parseRoomName(frame.room);
    notes.room = room;
    const head = await joinRoom(ports, connection, room);
    return { type: 'joined', ...refTo(frame), room, head };
  },

  async leave(ports, connection, frame, notes): Promise<LeftFrame> {
    const room = parseRoomName(frame.room);
    notes.room = room;
    requireJoined(connection, room);
    await ports.connections.leave(connection.id, room);
    return { type: 'left', ...refTo(frame), room };
  },

  async ping(ports, connection, frame): Promise<PongFrame> {
    return { type: 'pong', ...refTo(frame), heads: await headsOf(ports, connection) };
  },
} satisfies Actions<ConnectionPorts>;

async function send(
  ports: SendPorts,
  connection: Connection,
  message: Pick<SendMessageFrame, 'room' | 'content' | 'clientId' | 'after'>,
  notes: Notes,
): Promise<Sent> {
  notes.room = message.room;
  requireJoined(connection, message.room);
  const sent = await sendMessage(ports, {
    room: message.room,
    content: message.content,
    clientId: message.clientId,
    after: message.after,
    userId: connection.userId,
    sender: connection.username,
  });
  notes.seq = sent.event.seq;
  noteFanOut(notes, sent.fanOut);
  return sent;
}

const refTo = ({ id }: SendMessageFrame | JoinFrame | LeaveFrame | PingFrame) =>
  id === undefined ? {} : { ref: id };
