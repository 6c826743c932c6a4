import type * as z from 'zod/mini';
import { errorTable } from './error-meanings.ts';
import { ERRORS } from './errors.ts';
import { RoomName, Target } from './fields.ts';
import { type Components, components, type JsonSchema, schemaOf } from './json-schema.ts';
import { CONTENT_BYTES, PAGE_DEFAULT, PAGE_MAX, REST_BODY_BYTES } from './limits.ts';
import { ANYWHERE, EXAMPLE_ROOM, EXAMPLES, NOT_AUTHENTICATED } from './openapi-examples.ts';
import type { Operation } from './operation.ts';
import { type OperationId, operations } from './rest.ts';
import * as bodies from './rest-bodies.ts';

const RECEIVED = {
  Credentials: bodies.Credentials,
  LoginBody: bodies.LoginBody,
  RefreshBody: bodies.RefreshBody,
  VerifyBody: bodies.VerifyBody,
  NewMessage: bodies.NewMessage,
  MemberChange: bodies.MemberChange,
  AccountChange: bodies.AccountChange,
  ReadMark: bodies.ReadMark,
};
const SENT = {
  Registered: bodies.Registered,
  LoggedIn: bodies.LoggedIn,
  Refreshed: bodies.Refreshed,
  Empty: bodies.Empty,
  Me: bodies.Me,
  Ticket: bodies.Ticket,
  ReadTo: bodies.ReadTo,
  Message: bodies.Message,
  MessagePage: bodies.MessagePage,
  RoomEvent: bodies.RoomEvent,
  EventPage: bodies.EventPage,
  NewText: bodies.NewText,
  JoinedRoom: bodies.JoinedRoom,
  RoomPage: bodies.RoomPage,
  HistoryMessage: bodies.HistoryMessage,
  History: operations.oldHistory.ok.body,
  ErrorBody: bodies.ErrorBody,
  FieldErrors: bodies.FieldErrors,
};

const TAGS = {
  accounts: 'Accounts are created and entered here, by JSON or by a form.',
  tokens: 'An access token opens everything else; a refresh token brings the next one.',
  rooms: 'A room is there as soon as somebody writes to it.',
  moderation: 'What superusers may do to others.',
};

const description = `The REST side of Parlor. The socket is described in asyncapi.yaml and at [/api/schema/socket/](/api/schema/socket/).

To try it here: run \`register\` and \`login\` as they stand, copy the \`access\` token from the answer into "Authorize", then run anything else.

**Tokens.** Send \`Authorization: Bearer <access token>\`. Every 401 carries \`WWW-Authenticate: Bearer realm="api"\`, which API Gateway sends on as \`x-amzn-remapped-www-authenticate\`: look for both.

**Limits.** A message has at most ${CONTENT_BYTES} bytes of UTF-8, a body ${REST_BODY_BYTES} bytes, a page ${PAGE_MAX} entries (default: ${PAGE_DEFAULT}). A page of long messages ends before its limit: go by its links.

**Methods.** OPTIONS answers 200 with an \`Allow\` header at every path, HEAD as GET does without the body.

**Additions.** Answers may gain members, and the log may gain types of event: skip what you do not know.

**Errors.** \`detail\` is for people, \`code\` for programs. The forms of the old chat answer with a field's name and its sentences instead, and a few of its refusals have no \`code\`; the header \`X-Error-Code\` has it always.

<details><summary>The codes</summary>

${errorTable()}

</details>`;

interface Response {
  description: string;
  headers?: Record<string, unknown>;
  content: Record<string, unknown>;
}

/** The REST API as an OpenAPI 3.1 document, made of the `operations` that the router serves. */
export function openApiDocument() {
  const { schemas, ref } = components(RECEIVED, SENT);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const [id, operation] of Object.entries(operations) as [OperationId, Operation][]) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = describe(id, operation, ref);
    paths[operation.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parlor',
      version: '1',
      summary: 'Real-time, multi-room chat: nothing acknowledged is lost, one order for everyone.',
      description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Where this document was loaded from.' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      headers: {
        'WWW-Authenticate': {
          description:
            'On AWS it comes as `x-amzn-remapped-www-authenticate`: API Gateway renames it.',
          schema: { type: 'string', const: 'Bearer realm="api"' },
        },
        'X-Error-Code': {
          description: 'The code of the error.',
          schema: { type: 'string', enum: Object.keys(ERRORS) },
        },
        'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
        Link: { description: '`<...>; rel="next"`, if there is more.', schema: { type: 'string' } },
      },
      responses: sharedResponses(ref(bodies.ErrorBody)),
      schemas,
    },
  };
}

function sharedResponses(error: { $ref: string }): Record<string, Response> {
  const json = (example: unknown) => ({ 'application/json': { schema: error, example } });
  const examples = Object.fromEntries(
    Object.entries(NOT_AUTHENTICATED).map(([name, value]) => [name, { value }]),
  );
  return {
    NotAuthenticated: {
      description:
        'The access token is missing, malformed, expired, or of the wrong type; or its account is disabled.',
      headers: { ...code, ...header('WWW-Authenticate') },
      content: { 'application/json': { schema: error, examples } },
    },
    BodyTooLarge: {
      description: 'The body is too large.',
      headers: code,
      content: json(ANYWHERE.tooLarge),
    },
    UnsupportedMediaType: {
      description: 'The body is of a type that is not taken.',
      headers: code,
      content: json(ANYWHERE.mediaType),
    },
    Failed: {
      description: 'Any other refusal or failure.',
      headers: code,
      content: json(ANYWHERE.internal),
    },
  };
}

const shared = (name: string) => ({ $ref: `#/components/responses/${name}` });
const header = (name: string) => ({ [name]: { $ref: `#/components/headers/${name}` } });
const code = header('X-Error-Code');

function describe(id: OperationId, operation: Operation, ref: Components['ref']): JsonSchema {
  const { tag, summary, description, auth, body } = operation;
  const parameters = [
    ...PATH_PARAMETERS.filter(({ name }) => operation.path.includes(`{${name}}`)),
    ...fieldParameters('query', operation.query, EXAMPLES[id].query),
    ...fieldParameters('header', operation.headers),
  ];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: auth ? [{ bearer: [] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBody(id, operation, ref(body)) }),
    responses: responses(id, operation, ref),
  };
}

const PATH_PARAMETERS = [
  {
    name: 'room',
    in: 'path',
    required: true,
    schema: schemaOf(RoomName),
    example: EXAMPLE_ROOM,
  },
  { name: 'seq', in: 'path', required: true, schema: schemaOf(Target), example: 7 },
];

function fieldParameters(
  where: 'query' | 'header',
  fields: z.ZodMiniObject | undefined,
  examples: Record<string, unknown> = {},
): JsonSchema[] {
  return Object.entries(fields?.shape ?? {}).map(([name, type]) => {
    const { description, ...schema } = schemaOf(type as z.ZodMiniType);
    const example = name in examples && { example: examples[name] };
    return { name, in: where, required: false, description, schema, ...example };
  });
}

/** The forms of the old chat, all for who has no token yet, come as forms too; the rest as JSON. */
function requestBody(id: OperationId, operation: Operation, schema: JsonSchema): JsonSchema {
  const example = EXAMPLES[id].body;
  const content: JsonSchema = { 'application/json': { schema, example } };
  if (operation.errors === 'fields' && !operation.auth) {
    content['application/x-www-form-urlencoded'] = { schema, example };
  }
  return { required: true, content };
}

function responses(id: OperationId, operation: Operation, ref: Components['ref']): JsonSchema {
  const { ok, auth, body } = operation;
  const success: Response = {
    description: ok.description,
    ...(id === 'oldHistory' && { headers: header('Link') }),
    content: { 'application/json': { schema: ref(ok.body), example: EXAMPLES[id].ok } },
  };
  const repeated = { ...success, description: 'An earlier attempt had stored it: the original.' };
  return {
    ...(id === 'createMessage' && { 200: repeated }),
    [ok.status]: success,
    ...(auth && { 401: shared('NotAuthenticated') }),
    ...(body && { 413: shared('BodyTooLarge'), 415: shared('UnsupportedMediaType') }),
    ...refusals(id, operation, ref),
    default: shared('Failed'),
  };
}

function refusals(
  id: OperationId,
  { refusals, errors }: Operation,
  ref: Components['ref'],
): Record<string, unknown> {
  const error = ref(bodies.ErrorBody);
  const form = { anyOf: [ref(bodies.FieldErrors), error] };
  const headers: Record<string, Record<string, unknown>> = {
    401: header('WWW-Authenticate'),
    429: header('Retry-After'),
    503: header('Retry-After'),
  };
  return Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => {
      const example = EXAMPLES[id].refusals?.[Number(status)];
      const schema = status === '400' && errors === 'fields' ? form : error;
      const content = { 'application/json': { schema, example } };
      return [status, { description, headers: { ...code, ...headers[status] }, content }];
    }),
  );
}
