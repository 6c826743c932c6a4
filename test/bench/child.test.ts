import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { runChild } from '../../bench/child.ts';
import { runEach } from '../../bench/each.ts';
import { acknowledgements } from '../../bench/hot-room/acknowledgements.ts';
import { patiently, reasonOf } from '../../bench/patience.ts';
import { printOnce } from '../../bench/printed-once.ts';

describe('a child of a benchmark', () => {
  test('has each line shown once, however many children write it', async () => {
    const shown: string[] = [];
    const known = new Set<string>();
    const write = async (...parts: string[]) => {
      const stream = Readable.from(parts);
      const last = printOnce(stream, (line) => void shown.push(line), known);
      await new Promise((resolve) => stream.once('close', resolve));
      return last();
    };
    await write('(node:1) Warning: so', 'mething\nof its own\n');
    expect(await write('(node:22) Warning: something\n', 'at its end')).toContain('at its end');
    await write('(node:333) Warning: something');
    expect(shown).toEqual(['(node:1) Warning: something', 'of its own', 'at its end']);
  });

  test('that fails is told of with what it said', async () => {
    const failing = runChild('-e', ['console.error("no disk"); process.exit(3)']);
    await expect(failing).rejects.toThrow(/ended by 3\. no disk/);
  });

  test('that breaks off is run once more, and ends no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlor-each-'));
    const script = join(folder, 'one.mjs');
    // The second time it holds, but for the one that never does.
    const code = `import { existsSync, writeFileSync } from 'node:fs';
      const name = process.argv[2];
      const before = existsSync(${JSON.stringify(folder)} + '/' + name);
      writeFileSync(${JSON.stringify(folder)} + '/' + name, '');
      process.exit(name === 'never' || (name === 'second' && !before) ? 1 : 0);`;
    await writeFile(script, code);
    const lines: string[] = [];
    const broken = await runEach(
      ['never', 'second', 'first'].map((name) => ({ name, title: name })),
      pathToFileURL(script),
      [],
      (line) => void lines.push(line.trim()),
    );
    await rm(folder, { recursive: true });
    expect(broken).toEqual(['never']);
    expect(lines).toEqual([
      ...['never (never) ...', 'never is run again.'],
      ...['second (second) ...', 'second is run again.'],
      'first (first) ...',
    ]);
  });
});

test('what was acknowledged twice counts once, and what was stored twice is a fault', () => {
  const { note, messages, newest } = acknowledgements();
  for (const seq of [1, 2, 2, 3]) note({ clientId: `c${seq}`, seq });
  expect([messages(), newest()]).toEqual([3, 3]);
  expect(() => note({ clientId: 'c1', seq: 4 })).toThrow('stored at 1 and at 4');
});

describe('patience', () => {
  test('tries again, and tells why it ended', async () => {
    let tries = 0;
    const third = async () => {
      if (++tries < 3) throw new Error('busy');
      return tries;
    };
    expect(await patiently('It', third, { pauseMs: 0 })).toBe(3);
    const never = () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('reset') }));
    await expect(patiently('It', never, { longestMs: 0, pauseMs: 0 })).rejects.toThrow(
      'It: fetch failed (reset), for 0 s.',
    );
    expect(reasonOf('a text')).toBe('a text');
  });
});
