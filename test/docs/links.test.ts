import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PAGES, ROOT, readPage } from './pages.ts';

/** Without code, in which brackets are no links and `#` is no heading. */
const proseOf = (page: string) =>
  page.replaceAll(/^ *```.*?^ *```/gms, '').replaceAll(/`[^`\n]*`/g, code);

/** A heading's code counts for its anchor; nothing in it is a link. */
const code = (span: string) => span.replaceAll(/[`[\]()]/g, '');

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (path: string) =>
  new Set(
    [...proseOf(readPage(path)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

function broken(path: string): string[] {
  const links = [...proseOf(readPage(path)).matchAll(/\]\(([^)\s]+)\)/g)];
  const own = links.map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));
  return own.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor);
  });
}

describe('a page', () => {
  test.each(PAGES)('%s has no link that leads nowhere', (path) => {
    expect(broken(path)).toEqual([]);
  });
});
