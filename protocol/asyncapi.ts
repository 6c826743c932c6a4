import { ERRORS, type ErrorCode } from './errors.ts';
import { RoomName } from './fields.ts';
import { CLIENT_FRAMES, type FrameDescription, SERVER_FRAMES } from './frame-examples.ts';
import { ClientFrames, ServerFrames } from './frames.ts';
import { components, schemaOf } from './json-schema.ts';
import * as limits from './limits.ts';
import { SUBPROTOCOL } from './subprotocol.ts';

const description = `The socket of Parlor. Accounts, tokens, history and replay are REST: openapi.yaml, or [/api/docs/](/api/docs/).

**Opening.** \`/ws/chat/<room>/\` with an access token, either as the second offered subprotocol (\`${SUBPROTOCOL}, <token>\`; the server echoes \`${SUBPROTOCOL}\` only) or as \`?token=<token>\`. Prefer the subprotocol: URLs end up in logs. A client that offers \`${SUBPROTOCOL}\` gets every frame described here; a client without a subprotocol is a client of the old chat and gets the old chat_message frames. Where a token must not stand in a URL and no second subprotocol can be offered, a ticket does: \`POST /api/tickets/\` gives one that opens one socket within ${limits.TICKET_LIFETIME} seconds, as \`?ticket=<ticket>\` or in the token's place as the second subprotocol. The direct address of the API Gateway stage takes \`?room=<room>&token=<token>\`.

**Frames.** One JSON object each. What a client sends names an \`action\`; what the server sends names a \`type\`. A frame may carry the client's own \`id\`, and the answer has it as \`ref\`.

**Recovering.** Keep the last seq up to which you have everything. After each (re)connect, on a hole in seq, and when a pong shows a larger head: hold live frames back, \`GET /api/rooms/{room}/events/?after=<seq>\` until \`next\` is null, then merge by seq; what came twice is dropped. Every connection is cut after ${limits.CONNECTION_LIFETIME / 3600} hours, so this is the normal path.

**Tokens.** A connection is bound to its token. Shortly before that expires, an error \`token_expiring\` asks for a fresh one, which \`auth\` brings; else the connection gets nothing after the expiry and is closed within some ${limits.EXPIRY_NOTICE} seconds.

**Additions.** The server may add members to frames, types of frames, types of events and error codes: skip what you do not know, but count the seq of every event.

PROTOCOL.md of the repository tells all of it in prose, with what can cross what, and examples.`;

const LIMITS = [
  ['A frame', `${limits.FRAME_BYTES} bytes; a larger one closes the connection with 1009`],
  ['The content of a message', `${limits.CONTENT_BYTES} bytes of UTF-8`],
  [
    'The `metadata` of a message',
    `${limits.METADATA_BYTES} bytes as JSON, ${limits.METADATA_DEPTH} levels`,
  ],
  ["A room's name", `${limits.ROOM_NAME_CHARS} characters`],
  ['An `id` or `clientId`', `${limits.CLIENT_ID_CHARS} characters`],
  [
    '`after`',
    `${limits.DUPLICATE_SEARCH_MESSAGES} messages, and ${limits.DUPLICATE_SEARCH_BYTES / 1_000} kB of events, behind the head at most`,
  ],
  [
    'Frames from a connection',
    `${limits.FRAME_BURST} at once, then ${limits.FRAMES_PER_SECOND} a second, unless the operator says otherwise`,
  ],
  [
    'Frames from a user',
    `${limits.CONNECTIONS_AT_FULL_RATE} times that, over all connections and with messages over REST`,
  ],
  [
    'Frames after `rate_limited`',
    `refused until \`retryAfter\` is over; with ${limits.FLOOD_REFUSALS} of them without a pause the connection is closed`,
  ],
  ['Rooms of a connection', String(limits.ROOMS_PER_CONNECTION)],
  ['Open connections of a user', String(limits.CONNECTIONS_PER_USER)],
  ['Silence', `${limits.CONNECTION_IDLE / 60} minutes, then the connection is cut`],
  ['Life of a connection', `${limits.CONNECTION_LIFETIME / 3600} hours`],
  ['Binary frames', 'close the connection with 1003'],
] as const;

const REFUSED_HANDSHAKES: ErrorCode[] = [
  'room_name_invalid',
  'not_authenticated',
  'token_not_valid',
  'ticket_not_valid',
  'user_not_found',
  'user_inactive',
  'origin_not_allowed',
  'direct_access',
  'removed_from_room',
  'too_many_connections',
  'rate_limited',
  'internal',
  'issuer_unavailable',
];

type Frames = Record<string, Omit<FrameDescription, 'replies'>>;

interface Ref {
  $ref: string;
}

interface SocketOperation {
  action: 'receive' | 'send';
  channel: Ref;
  summary: string;
  messages: Ref[];
  reply?: { channel: Ref; messages: Ref[] };
}

const messageRef = (name: string) => ({ $ref: `#/channels/room/messages/${name}` });

/** The socket as an AsyncAPI 3.0 document, seen from the server: it receives what clients send. */
export function asyncApiDocument() {
  const { schemas, ref } = components(ClientFrames, ServerFrames);
  const types = { ...ClientFrames, ...ServerFrames };
  const frames: Frames = { ...CLIENT_FRAMES, ...SERVER_FRAMES };
  const names = Object.keys(types) as (keyof typeof types)[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parlor, the socket',
      version: '1',
      description,
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: servers(),
    channels: { room: channel(names) },
    operations: { ...clientOperations(), ...serverOperations() },
    components: {
      securitySchemes: {
        query: {
          type: 'httpApiKey',
          name: 'token',
          in: 'query',
          description: '`?token=<access token>` in the URL, as the old clients send it.',
        },
        ticket: {
          type: 'httpApiKey',
          name: 'ticket',
          in: 'query',
          description: '`?ticket=<ticket>` in the URL, once: from `POST /api/tickets/`.',
        },
        subprotocol: {
          type: 'httpApiKey',
          name: 'Sec-WebSocket-Protocol',
          in: 'header',
          description: `\`${SUBPROTOCOL}, <access token or ticket>\`; in a browser \`new WebSocket(url, ['${SUBPROTOCOL}', token])\`.`,
        },
      },
      messages: Object.fromEntries(
        names.map((name) => [name, message(name, frames, ref(types[name]))]),
      ),
      schemas,
    },
  };
}

export type AsyncApiDocument = ReturnType<typeof asyncApiDocument>;

const limitTable = () =>
  ['| what | limit |', '| --- | --- |', ...LIMITS.map(([a, b]) => `| ${a} | ${b} |`)].join('\n');

function servers() {
  const security = ['subprotocol', 'query', 'ticket'].map((name) => ({
    $ref: `#/components/securitySchemes/${name}`,
  }));
  return {
    deployed: {
      host: '{host}',
      protocol: 'wss',
      description: 'Where the chat is deployed.',
      variables: { host: { default: 'chat.example.com' } },
      security,
    },
    local: {
      host: 'localhost:8000',
      protocol: 'ws',
      description: 'On a laptop, after `npm start`.',
      security,
    },
  };
}

function channel(names: string[]) {
  return {
    address: '/ws/chat/{room}/',
    title: 'A room',
    description: `Opening it joins the room; further rooms are joined by \`join\`. The limits:\n\n${limitTable()}`,
    parameters: {
      room: { description: String(schemaOf(RoomName).description), examples: ['global'] },
    },
    messages: Object.fromEntries(
      names.map((name) => [name, { $ref: `#/components/messages/${name}` }]),
    ),
    bindings: {
      ws: {
        method: 'GET',
        query: {
          type: 'object',
          properties: {
            token: { type: 'string', description: 'An access token.' },
            ticket: { type: 'string', description: 'A ticket, in place of a token.' },
          },
        },
        headers: {
          type: 'object',
          properties: {
            'Sec-WebSocket-Protocol': { type: 'string', examples: [`${SUBPROTOCOL}, <token>`] },
          },
        },
        bindingVersion: '0.1.0',
      },
    },
    // AsyncAPI has no word for a handshake that is refused. A browser sees close code 1006 only.
    'x-refused-handshakes': REFUSED_HANDSHAKES.map((code) => ({
      status: ERRORS[code].status,
      code,
    })),
  };
}

function message(name: string, frames: Frames, payload: { $ref: string }) {
  const { title, summary, description, example } = frames[name] as Frames[string];
  return { name, title, summary, description, payload, examples: [{ name, payload: example }] };
}

function clientOperations(): Record<string, SocketOperation> {
  return Object.fromEntries(
    Object.entries(CLIENT_FRAMES).map(([name, { summary, replies = [] }]) => [
      name,
      {
        action: 'receive',
        channel: { $ref: '#/channels/room' },
        summary,
        messages: [messageRef(name)],
        reply: {
          channel: { $ref: '#/channels/room' },
          messages: replies.map((reply) => messageRef(reply)),
        },
      },
    ]),
  );
}

/** What comes unasked. Answers stand with the operations that they answer. */
function serverOperations(): Record<string, SocketOperation> {
  return Object.fromEntries(
    (['chatMessage', 'edited', 'deleted', 'events', 'legacyChatMessage', 'error'] as const).map(
      (name) => [
        name,
        {
          action: 'send',
          channel: { $ref: '#/channels/room' },
          summary: SERVER_FRAMES[name].summary,
          messages: [messageRef(name)],
        },
      ],
    ),
  );
}
