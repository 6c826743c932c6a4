import vm from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import {
  ASSET_PATH,
  DOCS_ADDRESSES,
  DOCS_POLICIES,
  DOCS_TYPES,
} from '../../../lambdas/edge/docs/addresses.ts';
import { docsHandler } from '../../../lambdas/edge/docs/handler.ts';
import { docsCode } from '../../../lib/edge/docs.ts';
import { ask } from '../../lambdas/edge/docs/ask.ts';

type Headers = Record<string, { value: string }>;
interface Request {
  method: string;
  uri: string;
  querystring: Record<string, { value: string }>;
  headers: Headers;
}
interface Response {
  statusCode: number;
  headers: Headers;
  body?: { data: string };
}
interface Event {
  context: { eventType: string };
  request: Request;
  response?: Response;
}

const load = (origins: readonly string[] = []) =>
  vm.runInNewContext(`${docsCode(origins)}; handler`) as (event: Event) => Request | Response;
const run = load();

function request(target: string, method = 'GET', headers: Record<string, string> = {}): Request {
  const [uri = '', query = ''] = target.split('?');
  const pairs = query.split('&').filter(Boolean);
  return {
    method,
    uri,
    querystring: Object.fromEntries(
      pairs.map((pair) => pair.split('=')).map(([name = '', value = '']) => [name, { value }]),
    ),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
  };
}

const find = (asked: Request) => run({ context: { eventType: 'viewer-request' }, request: asked });
const dress = (asked: Request, response: Partial<Response> = {}, by = run) =>
  by({
    context: { eventType: 'viewer-response' },
    request: asked,
    response: {
      statusCode: 200,
      headers: { 'content-type': { value: 'binary/octet-stream' } },
      ...response,
    },
  }) as Response;

const plain = (headers: Headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value]));

const ASSET = '/api/docs/assets/redoc-0123456789abcdef.js';
const TARGETS = [
  ...DOCS_ADDRESSES.flatMap(({ path }) => [path, `${path}/`, `${path}/?format=json`]),
  ...['/api/schema/?format=yaml', '/api/schema?x=1&format=json', ASSET, `${ASSET}/`],
];

/** The function that serves the same files where there is no edge; it says which file it read. */
const served = docsHandler(async (file) => Buffer.from(file));

describe('the documentation at the edge', () => {
  test.each(TARGETS)(
    '%s is the file that the function would serve, as it would',
    async (target) => {
      const { text, headers } = await ask(served, target);
      const found = find(request(target));
      expect(found).toMatchObject({ uri: `/${text}` });
      // Whether CloudFront shows the request as it came or as it went on.
      for (const seen of [request(target), found as Request]) {
        const dressed = plain(dress(seen).headers);
        expect(dressed['content-type']).toBe(headers['content-type']);
        expect(dressed['content-security-policy']).toBe(headers['content-security-policy']);
      }
    },
  );

  test.each([
    ['GET', '/api/schema/other/'],
    ['POST', '/api/schema/other/'],
    ['OPTIONS', '/api/docs/openapi.yaml'],
    ['GET', '/api/docs/assets/redoc.js'],
    ['GET', '/api/docs/assets/../redoc-0123456789abcdef.js'],
    ['GET', '/api/docs/constructor'],
    ['GET', '/api/docs//'],
    ['POST', '/api/docs/'],
    ['DELETE', '/api/schema/?format=json'],
    ['OPTIONS', '/api/docs/'],
  ])('%s %s is answered as the function would, and asks no bucket', async (method, target) => {
    const { statusCode, headers, text } = await ask(served, target, { method });
    const answer = find(request(target, method)) as Response;
    expect(answer.statusCode).toBe(statusCode);
    expect(plain(answer.headers)).toEqual(headers);
    expect(answer.body?.data ?? '').toBe(text);
  });

  test('HEAD goes to the file', () => {
    expect(find(request('/api/docs/', 'HEAD'))).toMatchObject({ uri: '/api/docs/swagger-ui.html' });
  });

  test('an answer without a body gets no type, and a refusal of the bucket stays one', () => {
    const unchanged = dress(request('/api/docs/'), { statusCode: 304, headers: {} });
    expect(Object.keys(unchanged.headers)).toEqual(['content-security-policy']);
    const headers = { 'content-type': { value: 'application/xml' } };
    const missing = dress(request(ASSET), { statusCode: 403, headers });
    expect(plain(missing.headers)).toEqual({ 'content-type': 'application/xml' });
  });

  test('every file has a type, and every page a policy', () => {
    for (const { file, json = file } of DOCS_ADDRESSES) {
      for (const each of [file, json]) {
        expect(DOCS_TYPES).toHaveProperty(each.split('.').at(-1) ?? '');
        if (each.endsWith('.html')) expect(DOCS_POLICIES).toHaveProperty([each]);
      }
    }
    expect(ASSET).toMatch(ASSET_PATH);
  });
});

describe('pages of other origins', () => {
  const open = load(['https://a.example', 'https://b.example:8443']);
  const from = (origin: string) => request('/api/schema/?format=json', 'GET', { origin });

  test('may read the contracts where they are allowed', () => {
    const { headers } = dress(from('https://b.example:8443'), {}, open);
    expect(plain(headers)).toMatchObject({
      'access-control-allow-origin': 'https://b.example:8443',
      vary: 'Origin',
    });
  });

  test('may not where they are not, and no copy for one is kept for the next', () => {
    const kept = { headers: { vary: { value: 'Accept-Encoding' } } };
    const { headers } = dress(from('https://evil.example'), kept, open);
    expect(plain(headers)).toEqual({ vary: 'Accept-Encoding, Origin' });
    expect(plain(dress(from('https://a.example')).headers)).not.toHaveProperty('vary');
  });
});

test('the code fits into a CloudFront Function', () => {
  const code = docsCode(Array.from({ length: 50 }, (_, n) => `https://chat-${n}.example.com`));
  expect(Buffer.byteLength(code)).toBeLessThan(10 * 1024);
  expect(code).not.toContain("DOCS'");
});
