import { expect } from '@jest/globals';
import type { HttpAnswer, HttpEvent } from '../../../../lambdas/edge/http/events.ts';
import { httpHandler } from '../../../../lambdas/edge/http/handler.ts';
import { answerHead } from '../../../../lambdas/edge/http/head.ts';
import { loginOperations } from '../../../../lambdas/edge/http/login-operations.ts';
import { httpOperations } from '../../../../lambdas/edge/http/operations.ts';
import { findRoute } from '../../../../lambdas/edge/http/router.ts';
import { ERRORS, type ErrorCode } from '../../../../protocol/errors.ts';
import { operations } from '../../../../protocol/rest.ts';
import { ErrorBody, FieldErrors } from '../../../../protocol/rest-bodies.ts';
import { anAccount } from '../../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../../fakes/services.ts';
import { aContext } from '../context.ts';

export interface Asked {
  headers?: Record<string, string>;
  /** An object goes as JSON, a text as it is. */
  body?: unknown;
  token?: string;
  query?: string;
  isBase64Encoded?: boolean;
  domainName?: string;
  sourceIp?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: looked at by matchers, and checked by its schema
  body: any;
}

/** Asks the handler, and checks that the answer is one that the contract names. */
export async function ask(
  services: FakeServices,
  method: string,
  path: string,
  asked: Asked = {},
): Promise<Answer> {
  const every = { ...httpOperations, ...loginOperations };
  const handler = httpHandler(services, every, answerHead);
  const answer = (await handler(eventOf(method, path, asked), aContext())) as HttpAnswer;
  const { statusCode: status, headers } = answer;
  const body = answer.body === '' ? '' : JSON.parse(answer.body);
  expect(headers['content-type']).toBe('application/json');
  if (status >= 400) checkError(status, headers, body);
  else if (body !== '' && method !== 'OPTIONS') checkOk(method, path, status, body);
  return { status, headers, body };
}

function eventOf(method: string, path: string, asked: Asked): HttpEvent {
  const { body, token, headers = {}, query = '', isBase64Encoded = false } = asked;
  return {
    rawPath: path,
    rawQueryString: query,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
    isBase64Encoded,
    requestContext: {
      requestId: 'r1',
      domainName: asked.domainName ?? 'api.example.com',
      http: { method, ...(asked.sourceIp !== undefined && { sourceIp: asked.sourceIp }) },
    },
  };
}

function checkOk(method: string, path: string, status: number, body: unknown): void {
  const { ok } = operations[findRoute(method, path).id];
  expect([ok.status, 200]).toContain(status);
  expect(ok.body.safeParse(body).error).toBeUndefined();
}

function checkError(status: number, headers: Record<string, string>, body: object): void {
  const code = headers['x-error-code'] as ErrorCode;
  expect(ERRORS[code]?.status).toBe(status);
  expect(headers['www-authenticate']).toBe(status === 401 ? 'Bearer realm="api"' : undefined);
  const schema = 'detail' in body ? ErrorBody : FieldErrors;
  expect(schema.safeParse(body).error).toBeUndefined();
}

/** Services with an account of that name, and a token of it. */
export async function withToken(
  given: Parameters<typeof anAccount>[0] = {},
  settings: Parameters<typeof fakeServices>[0] = {},
): Promise<{ services: FakeServices; token: string }> {
  const services = fakeServices(settings);
  const account = anAccount(given);
  await services.accounts.create(account);
  return { services, token: await services.tokens.access(account.id) };
}
