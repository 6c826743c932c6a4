import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Gateway, openGateway } from '../../../local/gateway/gateway.ts';
import { CORS } from '../../../protocol/cors.ts';

const ALLOWED = 'https://a.example';

let gateway: Gateway;
let asked: number;
beforeEach(async () => {
  gateway = await openGateway({ log: () => undefined });
  asked = 0;
});
afterEach(() => gateway.close());

const open = (allowedOrigins?: string[]) =>
  gateway.serve({
    port: 0,
    routes: {
      socket: { $connect: none, $disconnect: none, $default: none },
      http: [{ path: '$default', handler: none }],
      allowedOrigins,
    },
  });
const none = async () => {
  asked++;
  return { statusCode: 404, headers: { 'x-error-code': 'not_found' }, body: '{}' };
};

const preflight = (url: string, origin: string) =>
  fetch(url, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });
const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

describe('a page of another origin', () => {
  test('is let in where it is allowed, and may read what errors say', async () => {
    const url = await open([ALLOWED, 'https://b.example']);
    const before = await preflight(url, ALLOWED);
    expect([before.status, asked]).toEqual([204, 0]);
    expect(corsOf(before)).toEqual({
      'access-control-allow-origin': ALLOWED,
      'access-control-allow-methods': CORS.methods.join(),
      'access-control-allow-headers': CORS.requestHeaders.join(),
      'access-control-expose-headers': 'allow,link,retry-after,x-error-code',
      'access-control-max-age': '7200',
    });
    const answer = await fetch(url, { method: 'POST', headers: { origin: ALLOWED } });
    expect([answer.status, asked]).toEqual([404, 1]);
    expect(corsOf(answer)).toEqual({
      'access-control-allow-origin': ALLOWED,
      'access-control-expose-headers': 'allow,link,retry-after,x-error-code',
    });
  });

  test('is told nothing where it is not', async () => {
    const url = await open([ALLOWED]);
    const before = await preflight(url, 'https://evil.example');
    expect([before.status, asked, corsOf(before)]).toEqual([204, 0, {}]);
    const answer = await fetch(url, { headers: { origin: 'https://evil.example' } });
    expect([answer.status, corsOf(answer)]).toEqual([404, {}]);
  });

  test('is none of the gateway’s business where nobody is named', async () => {
    const url = await open();
    const before = await preflight(url, ALLOWED);
    expect([before.status, asked, corsOf(before)]).toEqual([404, 1, {}]);
  });

  test('asks by OPTIONS and two headers; other OPTIONS are the functions’', async () => {
    const url = await open([ALLOWED]);
    const answer = await fetch(url, { method: 'OPTIONS', headers: { origin: ALLOWED } });
    expect([answer.status, asked]).toEqual([404, 1]);
  });
});
