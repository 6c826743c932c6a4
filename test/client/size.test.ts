import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';

const CLIENT = fileURLToPath(new URL('../../client', import.meta.url));

/**
 * Bytes of gzip that `parlor-client` may take in a page, without its other entries: with replies, edits and
 * deletions.
 */
const BUDGET = 11_264;
/** What keeping the outbox in IndexedDB may add. */
const INDEXED_DB = 1_300;

/** What a page loads that uses all of some modules, bundled and minified. */
async function gzipped(...modules: string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: modules.map((module) => `export * from './${module}';`).join('\n'),
      resolveDir: CLIENT,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['react'],
    write: false,
  });
  const [output] = outputFiles;
  return gzipSync(output?.contents ?? '', { level: 9 }).byteLength;
}

describe('the size of the client', () => {
  test('stays within its budget', async () => {
    const core = await gzipped('index.ts');
    const kept = await gzipped('index.ts', 'indexed-db-store.ts');
    const sizes = {
      'parlor-client': core,
      '+ indexed-db': kept - core,
      '+ timeline': (await gzipped('index.ts', 'timeline.ts')) - core,
      '+ session': (await gzipped('index.ts', 'session.ts')) - core,
      '+ react': (await gzipped('index.ts', 'react/index.ts')) - core,
    };
    const lines = Object.entries(sizes).map(([name, size]) => `${name.padEnd(14)} ${size} bytes`);
    process.stderr.write(`gzipped: ${lines.join(', ')}\n`);
    expect(core).toBeGreaterThan(5_000);
    expect(core).toBeLessThanOrEqual(BUDGET);
    expect(kept - core).toBeLessThanOrEqual(INDEXED_DB);
  });
});
