import vm from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { VIEWER_ADDRESS_HEADER } from '../../../lambdas/edge/source-address.ts';
import { viewerRequestCode } from '../../../lib/edge/viewer-request.ts';
import { ERRORS, type ErrorCode } from '../../../protocol/errors.ts';
import { SOCKET_ADDRESS_CHARS } from '../../../protocol/limits.ts';

interface Value {
  value: string;
  multiValue?: { value: string }[];
}
interface Request {
  method: string;
  uri: string;
  querystring: Record<string, Value>;
  headers: Record<string, Value>;
  cookies: Record<string, Value>;
}
type Answer = Request | { statusCode: number };

const code = viewerRequestCode('live');
const VIEWER = { ip: '2001:db8::7' };
const run: (event: { request: Request; viewer: typeof VIEWER }) => Answer = vm.runInNewContext(
  `${code}; handler`,
);
const handler = ({ request }: { request: Request }) => run({ request, viewer: VIEWER });

/** As CloudFront hands over a request for a target: nothing decoded, repeated keys together. */
function request(target: string, headers: Record<string, string> = {}): Request {
  const [uri = '', query = ''] = target.split('?');
  const querystring: Record<string, Value> = {};
  for (const pair of query.split('&').filter(Boolean)) {
    const [name = '', value = ''] = pair.split('=');
    const before = querystring[name];
    const multiValue = [...(before?.multiValue ?? (before ? [before] : [])), { value }];
    querystring[name] = multiValue.length > 1 ? { value, multiValue } : { value };
  }
  const all = { host: 'chat.example', ...headers };
  return {
    method: 'GET',
    uri,
    querystring,
    headers: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, { value }])),
    cookies: {},
  };
}

/** The target that CloudFront then asks the origin for. */
function target(answer: Request | { statusCode: number }): string | number {
  if (!('uri' in answer)) return answer.statusCode;
  const pairs = Object.entries(answer.querystring).flatMap(([name, { value, multiValue }]) =>
    (multiValue ?? [{ value }]).map((each) => `${name}=${each.value}`),
  );
  return pairs.length > 0 ? `${answer.uri}?${pairs.join('&')}` : answer.uri;
}

const rewrite = (from: string) => target(handler({ request: request(from) }));

describe('a socket', () => {
  test.each([
    ['/ws/chat/lobby/?token=a.b-c_d', '/live?token=a.b-c_d&room=lobby'],
    ['/ws/chat/lobby?token=t', '/live?token=t&room=lobby'],
    ['/ws/chat/lobby/', '/live?room=lobby'],
    ['/ws/chat/lobby', '/live?room=lobby'],
    ['/ws/chat/b%C3%BCro_1-2/?token=t', '/live?token=t&room=b%C3%BCro_1-2'],
    ['/ws/chat/büro/', '/live?room=b%C3%BCro'],
    ['/ws/chat/%E9%9B%A8/', '/live?room=%E9%9B%A8'],
    ['/ws/chat/%F0%9F%98%80/', '/live?room=%F0%9F%98%80'],
    ['/ws/chat/a%2Fb/', '/live?room=a%2Fb'],
    ['/ws/chat/a%26token=x/', '/live?room=a%26token%3Dx'],
    ['/ws/chat/a+b/', '/live?room=a%2Bb'],
    ['/ws/chat/%E0%A4%A/', '/live?room=%25E0%25A4%25A'],
    ['/ws/chat/lobby/?token=t&room=secret', '/live?token=t&room=lobby'],
    ['/ws/chat/lobby/?room=secret&room=hidden&token=t', '/live?token=t&room=lobby'],
    ['/ws/chat/lobby/?%72oom=secret&r%6F%6Fm=hidden', '/live?room=lobby'],
    ['/ws/chat/lobby/?token=a&token=b&x=1', '/live?token=a&token=b&x=1&room=lobby'],
    ['/ws/chat/lobby/?token=a%2Bb%3D&%zz=1', '/live?token=a%2Bb%3D&%zz=1&room=lobby'],
  ])('%s goes to %s', (from, to) => {
    expect(rewrite(from)).toBe(to);
  });

  test.each(['/ws/chat/', '/ws/chat//', '/ws/chat/a/b/', '/ws/chat/a//'])(
    '%s is not found',
    (from) => {
      expect(rewrite(from)).toBe(404);
    },
  );

  test('whose address is longer than the stage takes is refused, with what to do', () => {
    const room = 'x'.repeat(100);
    const rest = `/live?token=&tag=a&tag=b&room=${room}`.length;
    const token = 'x'.repeat(SOCKET_ADDRESS_CHARS - rest);
    const from = `/ws/chat/${room}?token=${token}&tag=a&tag=b`;
    expect(String(rewrite(from))).toHaveLength(SOCKET_ADDRESS_CHARS);
    const refused = handler({ request: request(from.replace('token=', 'token=x')) });
    const { status } = ERRORS.address_too_long;
    expect(refused).toMatchObject({ statusCode: status, body: { encoding: 'text' } });
    const { body } = refused as { body?: { data: string } };
    expect(JSON.parse(body?.data ?? '')).toEqual({
      detail: expect.stringContaining(`${SOCKET_ADDRESS_CHARS} characters`),
      code: 'address_too_long' satisfies ErrorCode,
    });
  });

  test('keeps its headers, the subprotocol among them', () => {
    const headers = { 'sec-websocket-protocol': 'parlor.v1', origin: 'https://chat.example' };
    const before = request('/ws/chat/lobby/', headers);
    const after = handler({ request: structuredClone(before) });
    expect(after).toMatchObject({ headers: before.headers });
  });
});

describe('a REST request', () => {
  test.each([
    '/api/token/',
    '/api/rooms/b%C3%BCro/messages/?limit=5&limit=6&before=7',
    '/accounts/login/',
    '/chat/history/lobby/',
    '/api/docs-of-mine/',
  ])('%s goes on as it came', (from) => {
    expect(rewrite(from)).toBe(from);
  });

  test('says under which host it came, whatever the client claims', () => {
    const claimed = request('/api/rooms/', { 'x-forwarded-host': 'evil.example' });
    expect(handler({ request: claimed })).toMatchObject({
      headers: { host: { value: 'chat.example' }, 'x-forwarded-host': { value: 'chat.example' } },
    });
  });
});

describe('the page', () => {
  test.each([
    '/',
    '/room/lobby',
    '/room/lobby/',
    '/room/b%C3%BCro',
    '/api',
    '/wsx/chat/a',
    '/a.b/c',
  ])('%s opens its document', (from) => {
    expect(rewrite(from)).toBe('/index.html');
  });

  test.each(['/main.js', '/style.css', '/main.js.map', '/favicon.ico'])('%s is a file', (from) => {
    expect(rewrite(from)).toBe(from);
  });
});

test('the code fits into a CloudFront Function', () => {
  expect(Buffer.byteLength(code)).toBeLessThan(10 * 1024);
  expect(code).not.toContain("STAGE'");
});

test("the viewer's address goes along, and nobody can claim another one", () => {
  for (const target of ['/ws/chat/lobby/', '/api/token/', '/index.html']) {
    const claimed = request(target, { [VIEWER_ADDRESS_HEADER]: '203.0.113.9' });
    expect(handler({ request: claimed })).toMatchObject({
      headers: { [VIEWER_ADDRESS_HEADER]: { value: VIEWER.ip } },
    });
  }
});
