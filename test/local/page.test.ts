import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { servePage } from '../../local/page.ts';
import { chooseEncoding } from '../../local/page-files.ts';

const SCRIPT = 'const parlor = 1;\n'.repeat(500);

let folder: string;
let server: Server;
let build: { done: () => void; fail: (error: Error) => void };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlor-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Parlor</title>');
  await writeFile(join(folder, 'theme.js'), 'theme');
  await writeFile(join(folder, 'assets', 'index-1a2b.js'), SCRIPT);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  build = { done: () => resolve(folder), fail: reject };
  const page = servePage(promise);
  server = createServer((incoming, response) => {
    page(incoming, response).then(
      (served) => served || response.writeHead(418).end(),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await rm(folder, { recursive: true });
});

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: Buffer;
}

/** Asks as it is, where `fetch` would decompress and tidy the path. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    asked.on('error', reject).end();
  });
}

describe('the page', () => {
  test('is the same document at every place in it', async () => {
    build.done();
    for (const path of ['/', '/room/lobby', '/room/gr%C3%B6%C3%9Fe/12', '/any/where?x=1']) {
      const { status, headers, body } = await ask(path);
      expect(status).toBe(200);
      expect(body.toString()).toContain('<title>Parlor</title>');
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy': expect.stringContaining("script-src 'self'"),
        'x-content-type-options': 'nosniff',
      });
    }
  });

  test('leaves the APIs and what is no reading to them', async () => {
    build.done();
    for (const path of [
      '/api/rooms/',
      '/accounts/registration/',
      '/chat/history/a/',
      '/ws',
      '/api',
    ]) {
      expect((await ask(path)).status).toBe(418);
    }
    expect((await ask('/', {}, 'POST')).status).toBe(418);
  });

  test('has files under their names, and never another in the place of one', async () => {
    build.done();
    expect((await ask('/theme.js')).body.toString()).toBe('theme');
    for (const path of ['/assets/index-9z.js', '/assets/../../secret.txt', '/..%2fsecret.txt']) {
      expect((await ask(path)).status).toBe(418);
    }
  });

  test('lets browsers keep hashed files for ever, and only those', async () => {
    build.done();
    const { headers } = await ask('/assets/index-1a2b.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await ask('/theme.js')).headers['cache-control']).toBe('no-cache');
  });

  test('is compressed for who takes it', async () => {
    build.done();
    const path = '/assets/index-1a2b.js';
    const br = await ask(path, { 'accept-encoding': 'gzip, deflate, br' });
    expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(brotliDecompressSync(br.body).toString()).toBe(SCRIPT);
    expect(br.headers['content-length']).toBe(String(br.body.byteLength));
    const gzip = await ask(path, { 'accept-encoding': 'gzip' });
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
    const plain = await ask(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
  });

  test('is not sent again to who has it', async () => {
    build.done();
    const gzip = { 'accept-encoding': 'gzip' };
    const { headers } = await ask('/', gzip);
    const again = await ask('/', { ...gzip, 'if-none-match': `"x", ${String(headers.etag)}` });
    expect(again.status).toBe(304);
    expect(again.body).toHaveLength(0);
    // Another form of it is another thing to a cache.
    expect((await ask('/', { 'if-none-match': String(headers.etag) })).status).toBe(200);
  });

  test('tells who only asks after it how long it is', async () => {
    build.done();
    const { headers, body } = await ask('/assets/index-1a2b.js', {}, 'HEAD');
    expect(headers['content-length']).toBe(String(SCRIPT.length));
    expect(body).toHaveLength(0);
  });

  test('lets requests wait until it is built', async () => {
    const answer = ask('/');
    const first = await Promise.race([answer, new Promise((late) => setImmediate(late, 'waits'))]);
    expect(first).toBe('waits');
    build.done();
    expect((await answer).status).toBe(200);
  });

  test('fails when it could not be built, and the APIs do not', async () => {
    build.fail(new Error('no'));
    expect((await ask('/')).status).toBe(500);
    expect((await ask('/api/rooms/')).status).toBe(418);
  });
});

describe('an encoding', () => {
  test('is the best that is taken', () => {
    const cases = {
      'gzip, deflate, br, zstd': 'br',
      'GZIP;q=0.5': 'gzip',
      'br;q=0, gzip': 'gzip',
      'br;q=0.0': 'identity',
      deflate: 'identity',
      '': 'identity',
    };
    for (const [accepted, chosen] of Object.entries(cases)) {
      expect([accepted, chooseEncoding(accepted)]).toEqual([accepted, chosen]);
    }
    expect(chooseEncoding(undefined)).toBe('identity');
  });
});
