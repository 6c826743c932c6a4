import { deletionOf, mayDelete } from '../../../features/deletions/rules.ts';
import { editOf, mayEdit } from '../../../features/edits/rules.ts';
import { admissionOf, messageOf } from '../../../features/messages/rules.ts';
import { mendedContent } from '../../../protocol/content.ts';
import type {
  AckFrame,
  AuthenticatedFrame,
  JoinedFrame,
  LeftFrame,
  PongFrame,
  ServerFrame,
  WaitingFrame,
} from '../../../protocol/frames.ts';
import { parseRoomName } from '../../../protocol/names.ts';
import { frameTimestamp } from '../../../protocol/timestamp.ts';
import { admitRecorded, type CallerPorts, callerOf } from '../../auth/caller.ts';
import { ackFrame } from '../../chat/answer-frames.ts';
import type { Admit, Draft } from '../../chat/append.ts';
import type { Connection, Dialect } from '../../chat/connection.ts';
import {
  type ConnectionPorts,
  headsOf,
  joinRoom,
  requireFreshToken,
} from '../../chat/connections.ts';
import type { HangingPorts } from '../../chat/hanging.ts';
import { allEnded } from '../../chat/parallel.ts';
import {
  type Published,
  type PublishOptions,
  type PublishPorts,
  publish,
  type Queued,
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

/** What it takes to write to a room. */
type WritePorts = PublishPorts & HangingPorts;

/** What the send-message function does. */
export const sendActions = {
  sendMessage: (ports, identified, frame, notes) =>
    write(ports, identified, frame, notes, (author, { dialect }) => {
      const said = {
        ...author,
        ...messageOf({ ...frame, content: mended(frame.content, dialect) }),
      };
      return { draft: said, admit: admissionOf(ports, said) };
    }),

  edit: (ports, identified, frame, notes) =>
    write(ports, identified, frame, notes, (author) => {
      const said = { ...author, ...editOf({ ...frame, target: frame.seq }) };
      return { draft: said, admit: mayEdit(ports, author.userId, said) };
    }),

  delete: (ports, identified, frame, notes) =>
    write(ports, identified, frame, notes, (author) => {
      const who = { userId: author.userId, superuser: false };
      const admit = mayDelete(ports, who, author.room, frame.seq);
      return { draft: { ...author, ...deletionOf(frame.seq) }, admit };
    }),

  /** The old clients know no answer: they see their message come back, like everyone else. */
  async shorthand(ports, identified, { message }, notes): Promise<undefined> {
    const connection = await identified;
    const author = authorOf(ports, connection, connection.homeRoom, notes);
    const content = mended(message, connection.dialect);
    await say(ports, { ...author, ...messageOf({ content }) }, notes);
  },
} satisfies ActionsOf<'sendMessage', WritePorts> & Actions<WritePorts>;

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

/** An old client can't tell its writer what is wrong with a character that nobody sees. */
const mended = (content: string, dialect: Dialect) =>
  dialect === 'legacy' ? mendedContent(content) : content;

/** Whose event it is, and in which room. */
type Author = Pick<Draft, 'room' | 'userId' | 'sender'>;

/** What a v1 client writes. Where it is queued, the holder of the lease sends the ack. */
async function write(
  ports: WritePorts,
  identified: Promise<Connection>,
  frame: { id?: string | undefined; room: string } & Pick<Draft, 'clientId' | 'after'>,
  notes: Notes,
  eventOf: (author: Author, connection: Connection) => { draft: Draft; admit: Admit | undefined },
): Promise<AckFrame | WaitingFrame> {
  const named = roomOf(frame);
  const [connection, head] = await allEnded([
    identified,
    named === undefined ? undefined : ports.log.head(named),
  ]);
  const room = named ?? parseRoomName(frame.room);
  const { draft, admit } = eventOf(authorOf(ports, connection, room, notes), connection);
  const { clientId, after } = frame;
  const reply = { connectionId: connection.id, ref: frame.id };
  const said = await say(ports, { ...draft, clientId, after }, notes, { reply, head, admit });
  return 'event' in said
    ? ackFrame(said.event, said.duplicate, frame.id)
    : { type: 'waiting', ...refTo(frame), room };
}

/** @throws ParlorError `token_expired`, `not_joined` */
function authorOf(
  { clock }: Pick<WritePorts, 'clock'>,
  connection: Connection,
  room: string,
  notes: Notes,
): Author {
  notes.userId = connection.userId;
  notes.room = room;
  requireFreshToken(connection, clock.now());
  requireJoined(connection, room);
  return { room, userId: connection.userId, sender: connection.username };
}

async function say(
  ports: WritePorts,
  draft: Draft,
  notes: Notes,
  options?: PublishOptions,
): Promise<Published | Queued> {
  const published = await publish(ports, draft, options);
  if ('event' in published) notes.seq = published.event.seq;
  noteFanOut(notes, published.fanOut);
  return published;
}

/** The frame's room, if there can be one of that name: a wrong name waits for its turn. */
function roomOf({ room }: { room: string }): string | undefined {
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
