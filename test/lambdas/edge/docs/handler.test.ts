import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { DOCS_ADDRESSES } from '../../../../lambdas/edge/docs/addresses.ts';
import { docsHandler } from '../../../../lambdas/edge/docs/handler.ts';
import { ask as askOf, type Request } from './ask.ts';

const ASSET = 'api/docs/assets/redoc-0123456789abcdef.js';
const files = new Map(
  [...DOCS_ADDRESSES.flatMap(({ file, json = file }) => [file, json]), ASSET].map((file) => [
    file,
    Buffer.from(`This is ${file}. `.repeat(9)),
  ]),
);
const handler = docsHandler(async (file) => files.get(file));
const ask = (address: string, request?: Request) => askOf(handler, address, request);
const textOf = (file: string) => files.get(file)?.toString();

describe('the addresses', () => {
  test.each([
    ['/api/docs/', 'swagger-ui.html', 'text/html; charset=utf-8'],
    ['/api/schema/swagger-ui/', 'swagger-ui.html', 'text/html; charset=utf-8'],
    ['/api/schema/redoc/', 'redoc.html', 'text/html; charset=utf-8'],
    ['/api/schema/socket/', 'socket.html', 'text/html; charset=utf-8'],
    ['/api/schema/', 'openapi.yaml', 'application/yaml; charset=utf-8'],
    ['/api/schema/asyncapi/', 'asyncapi.yaml', 'application/yaml; charset=utf-8'],
    ['/api/schema/?format=json', 'openapi.json', 'application/json; charset=utf-8'],
    ['/api/schema/asyncapi/?format=json', 'asyncapi.json', 'application/json; charset=utf-8'],
    ['/api/schema/?format=yaml', 'openapi.yaml', 'application/yaml; charset=utf-8'],
    ['/api/docs/?format=json', 'swagger-ui.html', 'text/html; charset=utf-8'],
  ])('%s has %s, with a slash at the end and without', async (address, file, type) => {
    const answer = await ask(address);
    expect([answer.statusCode, answer.text]).toEqual([200, textOf(`api/docs/${file}`)]);
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(await ask(address.replace(/\/(?=\?|$)/, ''))).toEqual(answer);
  });

  test.each(['/api/docs/', '/api/schema/redoc/', '/api/schema/socket/'])(
    '%s allows no inline script and no other host',
    async (path) => {
      const { headers } = await ask(path);
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toMatch(/^default-src 'none';/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    },
  );

  test('a file whose name says what is in it is kept for ever', async () => {
    const { headers, text } = await ask(`/${ASSET}`);
    expect(text).toBe(textOf(ASSET));
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test.each([
    '/api/schema/other/',
    '/api/docs/openapi.yaml',
    '/api/docs/assets/',
    '/api/docs/assets/redoc.js',
    // It has a name like one that was there in another version.
    '/api/docs/assets/redoc-fedcba9876543210.js',
    '/api/docs/assets/../../../package-0123456789abcdef.js',
    '/api/docs/assets/%2e%2e%2fredoc-0123456789abcdef.js',
    '/api/docs/constructor',
  ])('%s is not found, whatever the method', async (path) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const answer = await ask(path, { method });
      expect([answer.statusCode, answer.text]).toEqual([404, '{"detail":"Not found."}']);
    }
  });
});

describe('methods', () => {
  test.each(['/api/docs/', '/api/schema/?format=json', `/${ASSET}`])(
    'HEAD of %s is GET without a body',
    async (path) => {
      const { headers } = await ask(path);
      const head = await ask(path, { method: 'HEAD' });
      expect(head).toMatchObject({ statusCode: 200, headers, text: '' });
    },
  );

  test('OPTIONS is answered with the methods that there are', async () => {
    const answer = await ask('/api/schema/', { method: 'OPTIONS' });
    expect([answer.statusCode, answer.headers.allow]).toEqual([200, 'GET, HEAD, OPTIONS']);
  });

  test('another method is refused in the words of the old chat', async () => {
    const answer = await ask('/api/schema/', { method: 'POST' });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('GET, HEAD, OPTIONS');
    expect(answer.text).toBe('{"detail":"Method \\"POST\\" not allowed."}');
  });
});

describe('the content', () => {
  test('is not sent again to a browser that has it', async () => {
    const { headers } = await ask('/api/docs/');
    const again = await ask('/api/docs/', { headers: { 'if-none-match': headers.etag ?? '' } });
    expect([again.statusCode, again.text]).toEqual([304, '']);
    const changed = await ask('/api/docs/', { headers: { 'if-none-match': '"other"' } });
    expect(changed.statusCode).toBe(200);
  });

  test('is zipped for clients that unzip', async () => {
    const plain = await ask(`/${ASSET}`);
    const zipped = await ask(`/${ASSET}`, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.bytes.length).toBeLessThan(plain.bytes.length);
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
  });

  test('that could not be read once is read again, and then kept', async () => {
    let reads = 0;
    const flaky = docsHandler(async () => {
      if (++reads === 1) throw new Error('disk');
      return reads === 2 ? undefined : Buffer.from('openapi: 3.1.0');
    });
    await expect(askOf(flaky, '/api/schema/')).rejects.toThrow('disk');
    expect((await askOf(flaky, '/api/schema/')).statusCode).toBe(404);
    expect((await askOf(flaky, '/api/schema/')).text).toBe('openapi: 3.1.0');
    expect((await askOf(flaky, '/api/schema/')).text).toBe('openapi: 3.1.0');
    expect(reads).toBe(3);
  });
});
