import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type InlineConfig, type Plugin } from 'vite';
import { HASHED_FOLDER } from './build-page.ts';

const PAGE = fileURLToPath(new URL('../web', import.meta.url));

/** Browsers of 2024 and later: those that know `light-dark()`, nested rules and `with` imports. */
const BROWSERS = ['chrome125', 'edge125', 'firefox129', 'safari18'];

/** Skin and hair: no emoji by themselves. Parts of emoji, such as letters of flags, have no group. */
const COMPONENTS = 2;

/** The list of emoji without what the page does not show: half of its size. */
const leanEmoji: Plugin = {
  name: 'lean-emoji',
  enforce: 'pre',
  transform: {
    filter: { id: /emojibase-data[\\/]en[\\/]compact\.json$/ },
    handler(text) {
      const all = JSON.parse(text) as Record<'group' | 'label' | 'tags' | 'unicode', unknown>[];
      const shown = all.filter(({ group }) => group !== undefined && group !== COMPONENTS);
      const lean = shown.map(({ group, label, tags, unicode }) => ({
        group,
        label,
        tags,
        unicode,
      }));
      return { code: JSON.stringify(lean), map: null };
    },
  },
};

/** Says to the page that there are no docs for it to lead to: web/sign-in/docs-link.tsx. */
const withoutDocs: Plugin = {
  name: 'without-docs',
  transformIndexHtml: (html) => html.replace('<html ', '<html data-docs="off" '),
};

const config = (outDir: string, docs: boolean): InlineConfig => ({
  configFile: false,
  root: PAGE,
  logLevel: 'error',
  plugins: [leanEmoji, ...(docs ? [] : [withoutDocs])],
  build: {
    outDir,
    emptyOutDir: true,
    assetsDir: HASHED_FOLDER,
    // A small file in the script as a data: URL is what the content security policy refuses.
    assetsInlineLimit: 0,
    target: BROWSERS,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The one large file is the list of emoji, which is loaded when it is asked for.
    chunkSizeWarningLimit: 1_000,
  },
});

/** Builds the page of web/ into a folder, see build-page.ts. */
export async function bundlePage(outDirectory: string, { docs }: { docs: boolean }): Promise<void> {
  // Vite takes a relative path from web/, and not from where one is.
  await build(config(resolve(outDirectory), docs));
}
