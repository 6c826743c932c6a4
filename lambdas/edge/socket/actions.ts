import { admissionOf, messageOf } from '../../../features/messages/rules.ts';
import { mendedContent } from '../../../protocol/content.ts';
import type {
  AckFrame,
  AuthenticatedFrame,
  JoinedFrame,
  LeftFrame,
  PongFrame,
  SendMessageFrame,
  ServerFrame,
  WaitingFrame,
} from '../../../protocol/frames.ts';
import { parseRoomName } from '../../../protocol/names.ts';
import { frameTimestamp } from '../../../protocol/timestamp.ts';
import { admitRecorded, type CallerPorts, callerOf } from '../../auth/caller.ts';
import { ackFrame } from '../../chat/answer-frames.ts';
import type { Connection } from '../../chat/connection.ts';
import {
  type ConnectionPorts,
  headsOf,
  joinRoom,
  requireFreshToken,
} from '../../chat/connections.ts';
import { allEnded } from '../../chat/parallel.ts';
import type { Head } from '../../chat/ports/event-log.ts';
import {
  type Published,
  type PublishPorts,
  publish,
  type Queued,
  type Reply,
  requireJoined,
} from '../../chat/publish.ts';
import { renewToken } from '../../chat/token-expiry.ts';
import { type Notes, noteFanOut } from '../journal.ts';
import type { Action, ClientFrame } from './parse-frame.ts';
import type { ServedBy, SocketFunction } from './served-by.ts';

/**
 * One thing a client can ask for. Answers with a frame, or with silence.
 *
 * Whose frame it is comes as a promise, so that what doesn't hang on it can be read meanwhile.
 */
type Handle<Ports, A extends Action> = (
  ports: Ports,
  identified: Promise<Connection>,
  frame: Extract<ClientFrame, { action: A }>,
  notes: Notes,
) => Promise<ServerFrame | undefined>;

/** Some of the actions; a function serves those that its route brings. */
export type Actions<Ports> = { [A in Action]?: Handle<Ports, A> };

/** All that a function serves. */
type ActionsOf<Server extends SocketFunction, Ports> = {
  [A in ServedBy<Server>]: Handle<Ports, A>;
};

/** What the send-message function does. */
export const sendActions = {
  /** Where the message is queued, the holder of the lease sends the ack. */
  async sendMessage(ports, identified, frame, notes): Promise<AckFrame | WaitingFrame> {
    const room = roomOf(frame);
    const head = room === undefined ? undefined : ports.log.head(room);
    const [connection, known] = await allEnded([identified, head]);
    const message = { ...frame, room: room ?? parseRoomName(frame.room) };
    const reply = { connectionId: connection.id, ref: frame.id };
    const sent = await send(ports, connection, message, notes, reply, known);
    return 'event' in sent
      ? ackFrame(sent.event, sent.duplicate, frame.id)
      : { type: 'waiting', ...refTo(frame), room: message.room };
  },

  /** The old clients know no answer: they see their message come back, like everyone else. */
  async shorthand(ports, identified, { message }, notes): Promise<undefined> {
    const connection = await identified;
    await send(ports, connection, { room: connection.homeRoom, content: message }, notes);
  },
} satisfies ActionsOf<'sendMessage', PublishPorts> & Actions<PublishPorts>;

export interface RoomActionPorts extends ConnectionPorts, CallerPorts {}

/** What the room-action function does. */
export const roomActions = {
  async join(ports, identified, frame, notes): Promise<JoinedFrame> {
    const connection = await fresh(ports, identified, notes);
    const room = parseRoomName(frame.room);
    notes.room = room;
    const { head, unread } = await joinRoom(ports, connection, room);
    return { type: 'joined', ...refTo(frame), room, head, unread };
  },

  async leave(ports, identified, frame, notes): Promise<LeftFrame> {
    const connection = await fresh(ports, identified, notes);
    const room = parseRoomName(frame.room);
    notes.room = room;
    requireJoined(connection, room);
    await ports.connections.leave(connection, room);
    return { type: 'left', ...refTo(frame), room };
  },

  async ping(ports, identified, frame, notes): Promise<PongFrame> {
    const connection = await fresh(ports, identified, notes);
    return { type: 'pong', ...refTo(frame), heads: await headsOf(ports, connection) };
  },

  /** The one thing that an expired token doesn't keep a connection from. */
  async auth(ports, identified, frame, notes): Promise<AuthenticatedFrame> {
    const connection = await identified;
    notes.userId = connection.userId;
    const { account, sessionId, authUntil } = await callerOf(ports, frame.token);
    const until = await renewToken(ports.connections, connection, account.id, authUntil, sessionId);
    if (sessionId !== connection.sessionId) {
      await admitRecorded(ports, connection.id, account.id, sessionId);
    }
    return { type: 'authenticated', ...refTo(frame), until: frameTimestamp(until) };
  },
} satisfies ActionsOf<'roomAction', RoomActionPorts>;

async function send(
  ports: PublishPorts,
  connection: Connection,
  message: Omit<SendMessageFrame, 'action' | 'id'>,
  notes: Notes,
  reply?: Reply,
  head?: Head,
): Promise<Published | Queued> {
  notes.userId = connection.userId;
  notes.room = message.room;
  requireFreshToken(connection, ports.clock.now());
  requireJoined(connection, message.room);
  const draft = {
    room: message.room,
    // An old client can't tell its writer what is wrong with a character that nobody sees.
    ...messageOf(
      connection.dialect === 'legacy' ? { content: mendedContent(message.content) } : message,
    ),
    clientId: message.clientId,
    after: message.after,
    userId: connection.userId,
    sender: connection.username,
  };
  const sent = await publish(ports, draft, { reply, head, admit: admissionOf(ports, draft) });
  if ('event' in sent) notes.seq = sent.event.seq;
  noteFanOut(notes, sent.fanOut);
  return sent;
}

/** The frame's room, if there can be one of that name: a wrong name waits for its turn. */
function roomOf({ room }: SendMessageFrame): string | undefined {
  try {
    return parseRoomName(room);
  } catch {
    return undefined;
  }
}

/** The connection, if its token is good. */
async function fresh(
  ports: ConnectionPorts,
  identified: Promise<Connection>,
  notes: Notes,
): Promise<Connection> {
  const connection = await identified;
  notes.userId = connection.userId;
  requireFreshToken(connection, ports.clock.now());
  return connection;
}

const refTo = ({ id }: { id?: string | undefined }) => (id === undefined ? {} : { ref: id });
