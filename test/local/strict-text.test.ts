import { describe, expect, test } from '@jest/globals';
import { strictText, type TextSource, wholeText } from '../../local/strict-text.ts';

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const SIZES = [1, 2, 3, 5, 9, 64, 65_536];

/** What comes, and what is said then, however the bytes are cut into chunks. */
async function read(bytes: Uint8Array, source: Partial<TextSource> = {}) {
  const outcomes = new Set<string>();
  for (const size of SIZES) {
    let text = '';
    let problem = '';
    try {
      const parts = strictText(inPieces(bytes, size), { name: 'dump.json', ...source });
      for await (const part of parts) text += part;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    outcomes.add(JSON.stringify({ text, problem }));
  }
  expect([...outcomes]).toHaveLength(1);
  return JSON.parse([...outcomes][0] ?? '') as { text: string; problem: string };
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('bytes that are read as text', () => {
  test('are that text, without the mark at its beginning', async () => {
    const text = 'größer\r\n日本 👩‍👩‍👧\u2028\ufeff.';
    expect(await read(Buffer.from(text))).toEqual({ text, problem: '' });
    expect(await read(Buffer.from(`\ufeff${text}`))).toEqual({ text, problem: '' });
    expect(await read(Buffer.from(`\ufeff${text}`, 'utf16le'), { encoding: 'utf-16le' })).toEqual({
      text,
      problem: '',
    });
    expect(await read(new Uint8Array())).toEqual({ text: '', problem: '' });
  });

  test('are refused where they are something else, with their place', async () => {
    const before = `\ufeff${'grün 👋\n'.repeat(20)}caf`;
    const bytes = Buffer.concat([Buffer.from(before), latin1('\xe9 au lait\n')]);
    expect(await read(bytes)).toEqual({
      text: before.slice(1),
      problem: `dump.json, line 21, byte ${Buffer.byteLength(before)}: 0xe9 is not UTF-8 there.`,
    });
    expect((await read(latin1('\xe9'))).problem).toContain('line 1, byte 0: 0xe9');
    // An overlong form, and half a surrogate pair.
    expect((await read(latin1('a\xc0\xaf'))).problem).toContain('byte 1: 0xc0');
    expect((await read(latin1('a\n\xed\xa0\x80'))).problem).toContain('line 2, byte 2: 0xed');
  });

  test('are refused where they end in the middle of a character', async () => {
    const { text, problem } = await read(Buffer.from('ten €').subarray(0, 6));
    expect(text).toBe('ten ');
    expect(problem).toBe('dump.json, line 1, byte 4: 0xe2 is not UTF-8 there.');
  });

  test('are read in the encoding that is told', async () => {
    const cp1252 = { encoding: 'windows-1252', hint: 'Say which.' };
    expect((await read(latin1('it\x92s a caf\xe9'), cp1252)).text).toBe('it’s a café');
    const { problem } = await read(latin1('a\x82'), { encoding: 'shift_jis', hint: 'Say which.' });
    expect(problem).toBe('dump.json, line 1, byte 1: 0x82 is not SHIFT_JIS there. Say which.');
    const unknown = wholeText(inPieces(latin1('a'), 1), { name: 'x', encoding: 'latin-99' });
    await expect(unknown).rejects.toThrow('"latin-99" encoding is not supported');
  });
});
