import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import type { DocsHandler } from '../../lambdas/edge/docs/handler.ts';
import { ask } from './edge/docs/ask.ts';

describe('the bundled function', () => {
  let folder: string;
  let handler: DocsHandler;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-docs-'));
    await build({
      entryPoints: [new URL('../../lambdas/docs.ts', import.meta.url).pathname],
      outfile: join(folder, 'index.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      define: { 'import.meta.dirname': '__dirname' },
    });
    await mkdir(join(folder, 'files/api/docs'), { recursive: true });
    await writeFile(join(folder, 'files/api/docs/openapi.yaml'), 'openapi: 3.1.0');
    await mkdir(join(folder, 'files/api/docs/redoc.html'));
    const bundle: { handler: DocsHandler } = createRequire(import.meta.url)(
      join(folder, 'index.cjs'),
    );
    handler = bundle.handler;
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('finds its files beside itself', async () => {
    expect((await ask(handler, '/api/schema/')).text).toBe('openapi: 3.1.0');
  });

  test('has nothing at an address whose file is not there', async () => {
    expect((await ask(handler, '/api/schema/asyncapi/')).statusCode).toBe(404);
  });

  test('hides no other failure to read', async () => {
    await expect(ask(handler, '/api/schema/redoc/')).rejects.toThrow('EISDIR');
  });
});
