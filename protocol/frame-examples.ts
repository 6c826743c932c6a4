import { errorTable } from './error-meanings.ts';
import type { ClientFrames, ServerFrames } from './frames.ts';
import { frameTimestamp } from './timestamp.ts';

/** What asyncapi.yaml tells of a frame, beside its schema. */
export interface FrameDescription<Reply extends string = never> {
  title: string;
  summary: string;
  /** More about it, in Markdown. */
  description?: string;
  example: Record<string, unknown>;
  /** The frames that answer it. */
  replies?: readonly Reply[];
}

type ServerFrameName = keyof typeof ServerFrames;

const room = 'global';
const clientId = 'c0ffee00-5d1c-4f6e-b1a5-0d2f3c4b5a69';
const timestamp = frameTimestamp(Date.UTC(2026, 10, 22, 10, 54, 1, 947));
const legacy = { type: 'chat_message', sender: 'alice', content: 'hello', timestamp, room };
const id = '5f0c4f1e-8f58-4a3c-9d61-2f1f6a4f7a10';

export const CLIENT_FRAMES: Record<keyof typeof ClientFrames, FrameDescription<ServerFrameName>> = {
  sendMessage: {
    title: 'sendMessage',
    summary:
      'Stores a message and brings it to everyone in the room. Retry with the same clientId and the same `after` until an ack or an error that is not retryable comes. In a busy room the answer takes some moments. Frames of one connection are handled at the same time: for order, wait for the ack before sending the next.',
    example: { action: 'sendMessage', id: 'f1', room, content: 'hello', clientId, after: 6 },
    replies: ['ack', 'waiting', 'error'],
  },
  edit: {
    title: 'edit',
    summary:
      'Gives a message of your own another text, within a day. Give the version that you changed: where somebody was faster, you get `edit_conflict` with the text as it is now.',
    example: {
      action: 'edit',
      id: 'f6',
      room,
      seq: 7,
      content: 'hello!',
      baseVersion: 7,
      clientId: 'e1',
      after: 7,
    },
    replies: ['ack', 'waiting', 'error'],
  },
  delete: {
    title: 'delete',
    summary:
      'Deletes a message of your own: nothing is left of it but its place, who deleted it, and when.',
    example: { action: 'delete', id: 'f7', room, seq: 7 },
    replies: ['ack', 'waiting', 'error'],
  },
  join: {
    title: 'join',
    summary: 'Enters one more room on this connection. The room of the URL is joined already.',
    example: { action: 'join', id: 'f2', room },
    replies: ['joined', 'error'],
  },
  leave: {
    title: 'leave',
    summary: 'Leaves a room; its messages stop coming.',
    example: { action: 'leave', id: 'f3', room },
    replies: ['left', 'error'],
  },
  ping: {
    title: 'ping',
    summary:
      'Keeps the connection open and asks for the heads. Send one every 4 minutes: an idle connection is cut after 10.',
    example: { action: 'ping', id: 'f4' },
    replies: ['pong', 'error'],
  },
  auth: {
    title: 'auth',
    summary:
      'Brings a new access token of the same user, before the old one expires or in the minute after, until the connection is closed. A `token_expiring` error asks for it.',
    example: {
      action: 'auth',
      id: 'f5',
      token: 'eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoi.c2lnbmF0dXJl',
    },
    replies: ['authenticated', 'error'],
  },
  shorthand: {
    title: 'message (old clients)',
    summary:
      'The one frame of the old chat: a message to the room of the URL. It comes back as a chat_message.',
    example: { message: 'hello' },
    replies: ['error'],
  },
};

export const SERVER_FRAMES: Record<ServerFrameName, FrameDescription> = {
  chatMessage: {
    title: 'chat_message',
    summary:
      'A message of a room, to every `parlor.v1` connection in it, the sender included. If its seq is not the next one, something is missing: `GET /api/rooms/{room}/events/?after=<the last seq you have>`.',
    example: { ...legacy, seq: 7, id, clientId },
  },
  edited: {
    title: 'edit',
    summary:
      'A message of the room has another text from here on: that of the edit with the largest seq. Drop one whose seq is not above the message’s `version`.',
    example: {
      type: 'edit',
      sender: 'alice',
      timestamp,
      room,
      seq: 8,
      id,
      clientId: 'e1',
      target: 7,
      content: 'hello!',
      baseVersion: 7,
    },
  },
  deleted: {
    title: 'deletion',
    summary: 'A message of the room was deleted: forget what it said, wherever you keep it.',
    example: {
      type: 'deletion',
      sender: 'alice',
      timestamp,
      room,
      seq: 9,
      id,
      clientId: 'd1',
      target: 7,
    },
  },
  events: {
    title: 'events',
    summary:
      'Several events of one room in one frame, by rising seq: what came together in a busy room. Each is to be taken like a frame of its own. An event may come again: drop what has a seq that you have.',
    example: {
      type: 'events',
      room,
      events: [
        { ...legacy, seq: 7, id, clientId },
        {
          ...legacy,
          content: 'hi',
          sender: 'bob',
          seq: 8,
          id: '0d0c4f1e-8f58-4a3c-9d61-2f1f6a4f7a11',
          clientId: 'b1',
        },
      ],
    },
  },
  authenticated: {
    title: 'authenticated',
    summary: 'The new token counts from here on.',
    example: { type: 'authenticated', ref: 'f5', until: timestamp },
  },
  legacyChatMessage: {
    title: 'chat_message (old clients)',
    summary: 'The same for a connection without a subprotocol.',
    example: legacy,
  },
  ack: {
    title: 'ack',
    summary:
      'The message is stored, for good, at this seq. It comes before or after the message itself; in a busy room some moments later.',
    example: { type: 'ack', ref: 'f1', room, seq: 7, id, clientId, timestamp, duplicate: false },
  },
  waiting: {
    title: 'waiting',
    summary:
      'Many write to the room: the message waits to be put together with others. Its ack, or an error, follows. Nothing to do.',
    example: { type: 'waiting', ref: 'f1', room },
  },
  joined: {
    title: 'joined',
    summary:
      'The connection is in the room. Its messages come from here on, some perhaps before this frame; replay up to `head`.',
    example: { type: 'joined', ref: 'f2', room, head: 6, unread: 2 },
  },
  left: {
    title: 'left',
    summary: 'The connection is not in the room any more.',
    example: { type: 'left', ref: 'f3', room },
  },
  pong: {
    title: 'pong',
    summary: 'The heads of the rooms. A client that has less than a head replays.',
    example: { type: 'pong', ref: 'f4', heads: [{ room, head: 7, unread: 1 }] },
  },
  error: {
    title: 'error',
    summary:
      'A frame was refused; the connection lives on. Without a `ref` it may come unasked: `token_expiring`, `token_expired`, `removed_from_room`.',
    description: `\`message\` is for people, \`code\` for programs. The status is what the same refusal has over REST.\n\n${errorTable()}`,
    example: {
      type: 'error',
      ref: 'f1',
      code: 'not_joined',
      room,
      message: `You are not in the room "${room}". Join it first.`,
      retryable: false,
    },
  },
};
