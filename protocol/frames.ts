import * as z from 'zod/mini';
import { ERRORS, type ErrorCode } from './errors.ts';
import {
  After,
  BaseVersion,
  ClientId,
  Content,
  Count,
  messageFields,
  RoomName,
  Seq,
  Shown,
  shownMessageFields,
  Target,
} from './fields.ts';
import { CLIENT_ID_CHARS } from './limits.ts';

const FrameId = z.optional(
  z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(CLIENT_ID_CHARS),
      z.describe("The client's own id for this frame; the answer carries it as `ref`."),
    ),
);

const Ref = z.optional(z.string().check(z.describe('The `id` of the frame that is answered.')));

/** What a client sends. */
export const ClientFrames = {
  sendMessage: z.strictObject({
    action: z.literal('sendMessage'),
    id: FrameId,
    room: RoomName,
    ...messageFields,
    clientId: z.optional(ClientId),
    after: z.optional(After),
  }),
  edit: z.strictObject({
    action: z.literal('edit'),
    id: FrameId,
    room: RoomName,
    seq: Target,
    content: Content,
    baseVersion: BaseVersion,
    clientId: z.optional(ClientId),
    after: z.optional(After),
  }),
  delete: z.strictObject({
    action: z.literal('delete'),
    id: FrameId,
    room: RoomName,
    seq: Target,
    clientId: z.optional(ClientId),
    after: z.optional(After),
  }),
  join: z.strictObject({ action: z.literal('join'), id: FrameId, room: RoomName }),
  leave: z.strictObject({ action: z.literal('leave'), id: FrameId, room: RoomName }),
  ping: z.strictObject({ action: z.literal('ping'), id: FrameId }),
  auth: z.strictObject({
    action: z.literal('auth'),
    id: FrameId,
    token: z.string().check(z.describe('A new access token of the same user.')),
  }),
  /** The one frame of the old clients; further members are ignored, as they were. */
  shorthand: z.object({ message: Content }),
} as const;

export type SendMessageFrame = z.infer<typeof ClientFrames.sendMessage>;
export type EditFrame = z.infer<typeof ClientFrames.edit>;
export type DeleteFrame = z.infer<typeof ClientFrames.delete>;

const legacyMessage = {
  type: z.literal('chat_message'),
  sender: Shown,
  content: Content,
  timestamp: z.string().check(z.describe('ISO 8601 in UTC with microseconds, ending in +00:00.')),
  room: RoomName,
};

const chatMessage = z.strictObject({
  ...legacyMessage,
  ...shownMessageFields,
  seq: Seq,
  id: z.string().check(z.describe('The id of the message, unique over all rooms.')),
  clientId: ClientId,
});

const { sender, timestamp } = legacyMessage;
const envelope = {
  sender,
  timestamp,
  room: RoomName,
  seq: Seq,
  id: z.string(),
  clientId: ClientId,
};
const Erased = z.optional(
  z
    .literal(true)
    .check(z.describe('What it brought was replaced or deleted since: its content is empty.')),
);

const edit = z.strictObject({
  type: z.literal('edit'),
  ...envelope,
  target: Target,
  content: z.string().check(z.describe('The text that the message has from here on.')),
  baseVersion: BaseVersion,
  erased: Erased,
});

const deletion = z.strictObject({
  type: z.literal('deletion'),
  ...envelope,
  target: Target,
  erased: Erased,
});

/** What the server sends. */
export const ServerFrames = {
  /** To clients without a subprotocol: exactly the old fields. */
  legacyChatMessage: z.strictObject(legacyMessage),
  /** To `parlor.v1` clients. */
  chatMessage,
  /** A message got another text. */
  edited: edit,
  /** A message was deleted. */
  deleted: deletion,
  /** Several events of one room, in order, to `parlor.v1` clients. */
  events: z.strictObject({
    type: z.literal('events'),
    room: RoomName,
    events: z
      .array(z.union([chatMessage, edit, deletion]))
      .check(z.describe('Two or more, by rising seq. Skip types that you do not know.')),
  }),
  ack: z.strictObject({
    type: z.literal('ack'),
    ref: Ref,
    room: RoomName,
    seq: Seq,
    id: z.string(),
    clientId: ClientId,
    timestamp: legacyMessage.timestamp,
    duplicate: z
      .boolean()
      .check(z.describe('True if an earlier attempt had stored it; the answer is the original.')),
  }),
  waiting: z.strictObject({ type: z.literal('waiting'), ref: Ref, room: RoomName }),
  joined: z.strictObject({
    type: z.literal('joined'),
    ref: Ref,
    room: RoomName,
    head: Seq.check(z.describe('The newest seq of the room at the moment of joining.')),
    unread: Count.check(z.describe('How many messages up to `head` you have not read.')),
  }),
  left: z.strictObject({ type: z.literal('left'), ref: Ref, room: RoomName }),
  pong: z.strictObject({
    type: z.literal('pong'),
    ref: Ref,
    heads: z
      .array(z.strictObject({ room: RoomName, head: Seq, unread: Count }))
      .check(
        z.describe(
          'The newest seq of each room that the connection is in, and how many messages up to there you have not read.',
        ),
      ),
  }),
  authenticated: z.strictObject({
    type: z.literal('authenticated'),
    ref: Ref,
    until: legacyMessage.timestamp.check(z.describe('Until when the connection may act now.')),
  }),
  error: z.strictObject({
    type: z.literal('error'),
    ref: Ref,
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    room: z.optional(
      RoomName.check(z.describe('The room that it is about; absent where it is about none.')),
    ),
    message: z.string().check(z.describe('What is wrong and what to do, for a person to read.')),
    retryable: z
      .boolean()
      .check(z.describe('Whether the same frame, sent again unchanged, can succeed.')),
    current: z.optional(
      z
        .strictObject({ version: Seq, content: z.string() })
        .check(z.describe('With `edit_conflict`: what the message says now, and its version.')),
    ),
    retryAfter: z.optional(
      z.number().check(z.describe('Seconds after which a retry makes sense.')),
    ),
  }),
} as const;

export type LegacyChatMessageFrame = z.infer<typeof ServerFrames.legacyChatMessage>;
export type ChatMessageFrame = z.infer<typeof ServerFrames.chatMessage>;
export type EventsFrame = z.infer<typeof ServerFrames.events>;
/** What every event has to `parlor.v1` clients; its kind's own members come beside. */
export type EventFrame = Pick<
  ChatMessageFrame,
  'sender' | 'timestamp' | 'room' | 'seq' | 'id' | 'clientId'
> & { type: string };
export type AuthenticatedFrame = z.infer<typeof ServerFrames.authenticated>;
export type AckFrame = z.infer<typeof ServerFrames.ack>;
export type WaitingFrame = z.infer<typeof ServerFrames.waiting>;
export type JoinedFrame = z.infer<typeof ServerFrames.joined>;
export type LeftFrame = z.infer<typeof ServerFrames.left>;
export type PongFrame = z.infer<typeof ServerFrames.pong>;
export type ErrorFrame = z.infer<typeof ServerFrames.error>;
export type ServerFrame =
  | LegacyChatMessageFrame
  | ChatMessageFrame
  | z.infer<typeof ServerFrames.edited>
  | z.infer<typeof ServerFrames.deleted>
  | EventsFrame
  | AuthenticatedFrame
  | AckFrame
  | WaitingFrame
  | JoinedFrame
  | LeftFrame
  | PongFrame
  | ErrorFrame;
