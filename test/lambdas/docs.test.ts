import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { build } from 'esbuild';
import { ASSETS, type AssetName } from '../../lambdas/edge/docs/assets.ts';
import { REDOC_LOGO } from '../../lambdas/edge/docs/content.ts';
import { type DocsHandler, docsHandler } from '../../lambdas/edge/docs/handler.ts';
import { asyncApiDocument } from '../../protocol/asyncapi.ts';
import { openApiDocument } from '../../protocol/openapi.ts';

const source = (name: AssetName) => new URL(`../../${ASSETS[name].source}`, import.meta.url);
const handler = docsHandler({ assets: (name) => readFile(source(name)) });

interface Request {
  method?: string;
  headers?: Record<string, string>;
}

async function ask(address: string, request: Request = {}, to: DocsHandler = handler) {
  const url = new URL(address, 'http://localhost');
  const event = {
    rawPath: url.pathname,
    headers: request.headers ?? {},
    queryStringParameters: Object.fromEntries(url.searchParams),
    requestContext: { http: { method: request.method ?? 'GET' } },
  } as unknown as APIGatewayProxyEventV2;
  const { statusCode, headers = {}, body = '', isBase64Encoded } = await to(event);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { statusCode, headers: headers as Record<string, string>, bytes, text: bytes.toString() };
}

const PAGES = [
  '/api/docs/',
  '/api/schema/swagger-ui/',
  '/api/schema/redoc/',
  '/api/schema/socket/',
];
const CONTRACTS = ['/api/schema/', '/api/schema/asyncapi/'];

describe('the contracts', () => {
  test('come as the files at the root of the repository', async () => {
    const openapi = await ask('/api/schema/');
    expect(openapi.headers['content-type']).toBe('application/yaml; charset=utf-8');
    expect(openapi.bytes).toEqual(readFileSync(source('openapi.yaml')));
    expect((await ask('/api/schema/asyncapi/')).bytes).toEqual(
      readFileSync(source('asyncapi.yaml')),
    );
  });

  test('come as JSON where that is asked for', async () => {
    const openapi = await ask('/api/schema/?format=json');
    expect(openapi.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(openapi.text).toBe(JSON.stringify(openApiDocument()));
    const asyncapi = await ask('/api/schema/asyncapi/?format=json');
    expect(asyncapi.text).toBe(JSON.stringify(asyncApiDocument()));
  });
});

describe('the pages', () => {
  test.each([...PAGES, ...CONTRACTS])('%s is there without its last slash too', async (path) => {
    const answer = await ask(path);
    expect(answer.statusCode).toBe(200);
    expect(await ask(path.slice(0, -1))).toEqual(answer);
  });

  test.each(PAGES)('%s allows no inline script and no other host', async (path) => {
    const { headers, text } = await ask(path);
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.each(PAGES)('every file that %s loads is there', async (path) => {
    const { text } = await ask(path);
    const files = [...text.matchAll(/(?:src|href)="(\/api\/docs\/assets\/[^"]+)"/g)];
    expect(files).not.toEqual([]);
    for (const [, file = ''] of files) {
      const answer = await ask(file);
      expect([file, answer.statusCode]).toEqual([file, 200]);
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  test('the socket page shows every frame with its example, and escapes what it shows', async () => {
    const { text } = await ask('/api/schema/socket/');
    for (const [name, { title }] of Object.entries(asyncApiDocument().components.messages)) {
      expect(text).toContain(`<section id="${name}">\n<h3>${title}</h3>`);
    }
    expect(text).toContain('&quot;action&quot;: &quot;sendMessage&quot;');
    expect(text).toContain('<code>/ws/chat/&lt;room&gt;/</code>');
    expect(text).not.toContain('<room>');
  });
});

describe('the assets', () => {
  test('a file under another version than its own is asked after each time', async () => {
    const { headers } = await ask('/api/docs/assets/docs.css?v=old');
    expect(headers['cache-control']).toBe('no-cache');
    const again = await ask('/api/docs/assets/docs.css', {
      headers: { 'if-none-match': headers.etag ?? '' },
    });
    expect([again.statusCode, again.text]).toEqual([304, '']);
  });

  test("Redoc's script calls its maker's server no more", async () => {
    // If this fails after an update of redoc, look anew for addresses in its script.
    expect(readFileSync(source('redoc.js'), 'utf8')).toContain(REDOC_LOGO);
    expect((await ask('/api/docs/assets/redoc.js')).text).not.toContain('//cdn.redoc.ly');
  });

  test('are zipped for those who unzip', async () => {
    const plain = await ask('/api/docs/assets/swagger-ui.js');
    const zipped = await ask('/api/docs/assets/swagger-ui.js', {
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 2);
    expect(gunzipSync(zipped.bytes).equals(plain.bytes)).toBe(true);
  });

  test.each(['nothing.js', '', '../../../package.json', '%2e%2e%2fpackage.json', 'constructor'])(
    '"%s" is not among them',
    async (name) => {
      const event = { rawPath: `/api/docs/assets/${name}`, headers: {} };
      const context = { requestContext: { http: { method: 'GET' } } };
      const answer = await handler({ ...event, ...context } as unknown as APIGatewayProxyEventV2);
      expect([answer.statusCode, answer.body]).toEqual([404, '{"detail":"Not found."}']);
    },
  );
});

describe('methods and paths', () => {
  test.each([...PAGES, ...CONTRACTS, '/api/docs/assets/docs.css'])(
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

  test('an unknown path is not found', async () => {
    const answer = await ask('/api/schema/other/', { method: 'POST' });
    expect([answer.statusCode, answer.text]).toEqual([404, '{"detail":"Not found."}']);
  });

  test('a file that could not be read once is read again', async () => {
    let reads = 0;
    const flaky = docsHandler({
      assets: async () => {
        if (++reads === 1) throw new Error('disk');
        return Buffer.from('openapi: 3.1.0');
      },
    });
    await expect(ask('/api/schema/', {}, flaky)).rejects.toThrow('disk');
    expect((await ask('/api/schema/', {}, flaky)).text).toBe('openapi: 3.1.0');
  });
});

describe('the bundled function', () => {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  test('finds its files beside itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlor-docs-'));
    folders.push(folder);
    await build({
      entryPoints: [new URL('../../lambdas/docs.ts', import.meta.url).pathname],
      outfile: join(folder, 'index.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      define: { 'import.meta.dirname': '__dirname' },
    });
    await mkdir(join(folder, 'assets'));
    await copyFile(source('openapi.yaml'), join(folder, 'assets', 'openapi.yaml'));
    const bundle = createRequire(import.meta.url)(join(folder, 'index.cjs'));
    const answer = await ask('/api/schema/', {}, (bundle as { handler: DocsHandler }).handler);
    expect(answer.text).toBe(readFileSync(source('openapi.yaml'), 'utf8'));
  });
});
