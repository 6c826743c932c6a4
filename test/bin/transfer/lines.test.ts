import { describe, expect, test } from '@jest/globals';
import { linesOf } from '../../../bin/transfer/lines.ts';

async function lines(...chunks: string[]): Promise<string[]> {
  async function* pieces() {
    yield* chunks;
  }
  const found: string[] = [];
  for await (const line of linesOf(pieces())) found.push(line);
  return found;
}

describe('the lines of a text', () => {
  test('end at LF or CRLF, wherever a chunk ends', async () => {
    expect(await lines('one\r\ntwo\nth', 'ree\r', '\nfour\r')).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
    expect(await lines('a\n\n', '\r\nb\n')).toEqual(['a', '', '', 'b']);
  });

  test('end at nothing else, which is a part of them', async () => {
    const line = 'a\rb\u2028c\u2029d\u0085e\u000bf\u000cg\r\rh';
    expect(await lines(`${line}\nnext`)).toEqual([line, 'next']);
  });
});
