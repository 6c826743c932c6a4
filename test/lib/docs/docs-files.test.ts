import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ASSET_PATH,
  DOCS_ADDRESSES,
  DOCS_POLICIES,
  docsFileAt,
} from '../../../lambdas/edge/docs/addresses.ts';
import { ASSETS, REDOC_LOGO } from '../../../lib/docs/assets.ts';
import { buildDocs, docsFiles } from '../../../lib/docs/docs-files.ts';
import { asyncApiDocument } from '../../../protocol/asyncapi.ts';
import { openApiDocument } from '../../../protocol/openapi.ts';

let files: ReadonlyMap<string, Buffer>;
beforeAll(async () => {
  files = await docsFiles();
});

const PAGES = Object.keys(DOCS_POLICIES);
const textOf = (file: string) => files.get(file)?.toString() ?? '';
const sourceOf = (path: string) =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the built documentation', () => {
  test('has a file for each address, and for nothing else but what the pages load', () => {
    const wanted = DOCS_ADDRESSES.flatMap(({ file, json = file }) => [file, json]);
    const assets = [...files.keys()].filter((file) => ASSET_PATH.test(`/${file}`));
    expect(assets).toHaveLength(Object.keys(ASSETS).length);
    expect([...files.keys()].sort()).toEqual([...new Set(wanted), ...assets].sort());
  });

  test('has the contracts as the files at the root of the repository, and as JSON', () => {
    for (const [name, document] of [
      ['openapi', openApiDocument()],
      ['asyncapi', asyncApiDocument()],
    ] as const) {
      expect(textOf(`api/docs/${name}.yaml`)).toBe(sourceOf(`${name}.yaml`));
      expect(textOf(`api/docs/${name}.json`)).toBe(JSON.stringify(document));
    }
  });

  test.each(PAGES)('%s has no inline script or style', (page) => {
    expect(textOf(page)).toMatch(/^<!doctype html>/);
    expect(textOf(page)).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  });

  test.each(PAGES)('%s loads what is there', (page) => {
    const loaded = [...textOf(page).matchAll(/<(?:script|link)[^>]* (?:src|href)="(\/[^"]+)"/g)];
    expect(loaded).not.toEqual([]);
    for (const [, path = ''] of loaded) {
      expect([path, files.has(docsFileAt(path, false) ?? '')]).toEqual([path, true]);
    }
  });

  test("has Redoc's script call its maker's server no more", () => {
    // If this fails after an update of redoc, look anew for addresses in its script.
    expect(sourceOf(ASSETS['redoc.js'])).toContain(REDOC_LOGO);
    const redoc = [...files.keys()].find((file) => /\/redoc-[0-9a-f]+\.js$/.test(file)) ?? '';
    expect(textOf(redoc).length).toBeGreaterThan(100_000);
    expect(textOf(redoc)).not.toContain('//cdn.redoc.ly');
  });

  test('leaves nothing of an earlier one in its folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlor-docs-'));
    try {
      writeFileSync(join(folder, 'old.html'), 'old');
      await buildDocs(folder);
      const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
      expect(entries.filter((entry) => entry.isFile())).toHaveLength(files.size);
      for (const [path, bytes] of files) {
        expect(readFileSync(join(folder, path)).equals(bytes)).toBe(true);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the socket page', () => {
  test('shows every frame with its example, and escapes what it shows', () => {
    const text = textOf('api/docs/socket.html');
    for (const [name, { title }] of Object.entries(asyncApiDocument().components.messages)) {
      expect(text).toContain(`<section id="${name}">\n<h3>${title}</h3>`);
    }
    expect(text).toContain('&quot;action&quot;: &quot;sendMessage&quot;');
    expect(text).toContain('<code>/ws/chat/&lt;room&gt;/</code>');
    expect(text).not.toContain('<room>');
  });

  test('leaves no Markdown as it was written', () => {
    const text = textOf('api/docs/socket.html').replaceAll(/<(code|pre)\b.*?<\/\1>/gs, '');
    expect(text).not.toMatch(/\*\*|`|\]\(|\|-/);
  });
});
