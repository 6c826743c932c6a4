import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PARTS = ['protocol', 'features', 'lambdas', 'lib', 'local', 'client', 'web', 'bin'];

/**
 * What drops a fault without looking at it: a handler that takes no error, and `allSettled`. A block
 * that answers or throws passes it on: a parser that says undefined.
 */
const DROPS =
  /\.catch\(\s*(async )?\(\s*\)|\bcatch (\(_\w*\) )?\{(?!\s*(\/\/.*\s*)*(return|throw)\b)|\ballSettled\(/g;

/** How many lines from it the comment may stand that says why silence is safe. */
const ABOVE = 4;
const BELOW = 2;

const COMMENT = /\/\/ |^\s*(\/\*\*|\*) /;

const files = PARTS.flatMap((part) =>
  readdirSync(join(ROOT, part), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|js|cjs)$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(part, name)),
);

/** The places, as `file:line`, where a fault is dropped and no comment is near. */
function unexplained(file: string, text: string): string[] {
  const lines = text.split('\n');
  return [...text.matchAll(DROPS)].flatMap(({ index }) => {
    const line = text.slice(0, index).split('\n').length - 1;
    const near = [...upTo(lines, line), ...lines.slice(line, line + BELOW + 1)];
    return near.some((text) => COMMENT.test(text)) ? [] : [`${file}:${line + 1}`];
  });
}

/** The lines above, as far as `ABOVE` or, in a short function, to its docstring. */
function upTo(lines: readonly string[], line: number): string[] {
  const start = lines
    .slice(0, line)
    .findLastIndex((text) => /^(export |async |function )/.test(text));
  const isShort = start >= 0 && line - start < 8;
  return lines.slice(Math.max(0, isShort ? start - 1 : line - ABOVE), line);
}

describe('a fault that is dropped', () => {
  test('has a comment beside it that says why silence is safe', () => {
    const places = files.flatMap((file) =>
      unexplained(file, readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(places).toEqual([]);
  });

  test.each([
    'await write().catch(() => undefined);',
    'await Promise.allSettled(running);',
    'try {\n  a();\n} catch {\n  b();\n}',
    'await write().catch(\n  () => undefined,\n);',
  ])('is found where it has none: %j', (text) => {
    expect(unexplained('x.ts', text)).toHaveLength(1);
    expect(unexplained('x.ts', `// It is told below.\n${text}`)).toEqual([]);
  });
});
