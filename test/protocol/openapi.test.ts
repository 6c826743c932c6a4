import { describe, expect, test } from '@jest/globals';
import { ERRORS } from '../../protocol/errors.ts';
import { usernameProblem } from '../../protocol/names.ts';
import { openApiDocument } from '../../protocol/openapi.ts';
import { EXAMPLES, NOT_AUTHENTICATED } from '../../protocol/openapi-examples.ts';
import type { Operation } from '../../protocol/operation.ts';
import { type OperationId, operations } from '../../protocol/rest.ts';
import { ErrorBody, FieldErrors } from '../../protocol/rest-bodies.ts';
import { brokenReferences } from './references.ts';

const document = openApiDocument();
const table = Object.entries(operations) as [OperationId, Operation][];

interface Described {
  operationId: string;
  security: unknown[];
  parameters?: { name: string; in: string; required: boolean; example?: unknown }[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { headers?: Record<string, unknown> }>;
}

const described = ({ path, method }: Operation) =>
  document.paths[path]?.[method.toLowerCase()] as unknown as Described;

describe('the OpenAPI document', () => {
  test('refers to nothing that it does not hold', () => {
    expect(brokenReferences(document)).toEqual([]);
  });

  test('holds the operations of the table and no other', () => {
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids).toEqual(table.map(([id]) => id));
  });

  test.each(table)('%s has its parameters, its security and all its answers', (_id, operation) => {
    const { parameters = [], security, requestBody, responses } = described(operation);
    const names = parameters.map(({ name }) => name);
    const shapes = { ...operation.query?.shape, ...operation.headers?.shape };
    const inPath = ['room', 'seq'].filter((name) => operation.path.includes(`{${name}}`));
    expect(names).toEqual([...inPath, ...Object.keys(shapes)]);
    expect(security).toEqual(operation.auth ? [{ bearer: [] }] : []);
    expect(requestBody !== undefined).toBe(operation.body !== undefined);
    const statuses = [operation.ok.status, ...Object.keys(operation.refusals), 'default'];
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(statuses.map(String)));
    expect('401' in responses).toBe(operation.auth || 401 in operation.refusals);
  });

  test.each(table)('the examples of %s are what its schemas ask for', (id, operation) => {
    const { body, query, ok, refusals = {} } = EXAMPLES[id];
    if (operation.body) operation.body.parse(body);
    if (operation.query) operation.query.parse(query ?? {});
    operation.ok.body.parse(ok);
    expect(Object.keys(refusals)).toEqual(Object.keys(operation.refusals));
    for (const [status, refusal] of Object.entries(refusals)) {
      const form = status === '400' && operation.errors === 'fields';
      (form ? FieldErrors : ErrorBody).parse(refusal);
      const { code } = refusal as { code?: keyof typeof ERRORS };
      if (!form && code) expect([code, ERRORS[code].status]).toEqual([code, Number(status)]);
    }
  });

  test('every 401 says by its header how to authenticate', () => {
    expect(document.components.responses.NotAuthenticated?.headers).toHaveProperty(
      'WWW-Authenticate',
    );
    // API Gateway sends it under another name, which a client has to be told.
    expect(JSON.stringify(document.components.headers['WWW-Authenticate'])).toContain(
      'x-amzn-remapped-www-authenticate',
    );
    for (const body of Object.values(NOT_AUTHENTICATED)) ErrorBody.parse(body);
    for (const [, operation] of table) {
      if (401 in operation.refusals) {
        expect(described(operation).responses['401']?.headers).toHaveProperty('WWW-Authenticate');
      }
    }
  });

  test('the forms of the old chat take forms, all that is new takes JSON only', () => {
    const types = (operation: Operation) =>
      Object.keys(described(operation).requestBody?.content ?? {});
    expect(types(operations.login)).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
    ]);
    // A form holds texts only, and true and false are none.
    for (const operation of [operations.createMessage, operations.changeMember]) {
      expect(types(operation)).toEqual(['application/json']);
    }
  });

  test('sending answers 201, or 200 to a repeated attempt', () => {
    expect(described(operations.createMessage).responses).toMatchObject({ 200: {}, 201: {} });
  });

  test('the old history tells of its Link header', () => {
    expect(described(operations.oldHistory).responses['200']?.headers).toHaveProperty('Link');
  });

  test('what "Try it out" fills in by itself is a user that can be registered', () => {
    expect(usernameProblem(String(EXAMPLES.register.body?.username))).toBeUndefined();
    expect(EXAMPLES.login.body).toEqual(EXAMPLES.register.body);
  });

  test('requests are as strict as the server, answers may gain members', () => {
    const { NewMessage, Message } = document.components.schemas;
    expect(NewMessage).toHaveProperty('additionalProperties', false);
    expect(Message).not.toHaveProperty('additionalProperties');
  });

  test('every error code stands in the description', () => {
    for (const code of Object.keys(ERRORS)) {
      expect(document.info.description).toContain(`\`${code}\``);
    }
  });
});
