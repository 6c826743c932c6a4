import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildPage } from '../../lib/build-page.ts';

/** What a first visit may cost, in bytes after gzip. */
const SCRIPT_BYTES = 120 * 1024;
const STYLE_BYTES = 12 * 1024;

let folder: string;
let document: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlor-built-'));
  // As `npm start` names its own: `.parlor/page`, from where it runs.
  await buildPage(relative('', folder));
  document = await readFile(join(folder, 'index.html'), 'utf8');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The files that the document names, by how it names them. */
const named = (pattern: RegExp) => [...document.matchAll(pattern)].map(([, path = '']) => path);
const scripts = () => named(/<script\b[^>]*\bsrc="([^"]+)"/g);
const preloads = () => named(/<link\b[^>]*rel="modulepreload"[^>]*href="([^"]+)"/g);
const styles = () => named(/<link\b[^>]*rel="stylesheet"[^>]*href="([^"]+)"/g);

/** What a script imports as soon as it is loaded, and they again. */
async function withImports(paths: readonly string[], seen = new Set<string>()): Promise<string[]> {
  for (const path of paths) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = await readFile(join(folder, path), 'utf8');
    const imported = [...text.matchAll(/\b(?:from|import)\s*"(\.\/[^"]+)"/g)];
    await withImports(
      imported.map(([, file = '']) => join('/assets', file)),
      seen,
    );
  }
  return [...seen];
}

async function compressed(paths: readonly string[]): Promise<number> {
  const sizes = paths.map(async (path) => gzipSync(await readFile(join(folder, path))).byteLength);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

describe('the built page', () => {
  test('is told where there are no docs to lead to', async () => {
    expect(document).not.toContain('data-docs');
    const other = await mkdtemp(join(tmpdir(), 'parlor-built-'));
    try {
      await buildPage(other, { docs: false });
      const without = await readFile(join(other, 'index.html'), 'utf8');
      expect(without).toContain('<html data-docs="off" lang="en">');
      expect(without.replace(' data-docs="off"', '')).toBe(document);
    } finally {
      await rm(other, { recursive: true });
    }
  }, 60_000);

  test('loads at most 120 KB of script at first', async () => {
    const first = await withImports([...scripts(), ...preloads()]);
    expect(first.length).toBeGreaterThanOrEqual(2);
    const bytes = await compressed(first);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(SCRIPT_BYTES);
    expect(await compressed(styles())).toBeLessThanOrEqual(STYLE_BYTES);
  });

  test('leaves the emoji for who asks for them', async () => {
    const first = await withImports([...scripts(), ...preloads()]);
    const files = await readdir(join(folder, 'assets'));
    const lazy = files.filter((name) => name.endsWith('.js') && !first.includes(`/assets/${name}`));
    expect(lazy).toEqual([expect.stringMatching(/^emoji-picker-/)]);
    const text = await readFile(join(folder, 'assets', String(lazy[0])), 'utf8');
    // As lib/bundle-page.ts leaves it: neither skin tones nor numbers that nobody shows.
    const found = ['grinning face', 'skin tone', 'hexcode'].map((words) => text.includes(words));
    expect(found).toEqual([true, false, false]);
  });

  test('has no script, style or handler that stands inline', () => {
    expect(document).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(document).not.toMatch(/<style|\bstyle=|\son\w+=|javascript:|data:/i);
  });

  test('finds its files from every place in it, by names that tell what is in them', async () => {
    const hashed = [...scripts(), ...styles()].filter((path) => path !== '/theme.js');
    expect(hashed).toHaveLength(2);
    for (const path of hashed) expect(path).toMatch(/^\/assets\/[\w-]+-[\w-]{8}\.(js|css)$/);
    const style = await readFile(join(folder, String(styles()[0])), 'utf8');
    // Nothing in a data: URL, which the content security policy refuses, nothing of elsewhere.
    expect(style).not.toMatch(/url\(["']?(data:|https?:|\/\/)/);
  });

  test('chooses its theme before it paints anything', () => {
    expect(document.indexOf('theme.js')).toBeLessThan(document.indexOf('rel="stylesheet"'));
    expect(document).toMatch(/<script src="\/theme\.js"><\/script>/);
  });
});
