import { describe, expect, test } from '@jest/globals';
import { asMessage, asTyped, PasteSplitter } from '../../../bin/chat/paste.ts';

/** What is told of the chunks, with what was typed in one piece. */
function parts(...chunks: string[]) {
  const splitter = new PasteSplitter();
  const typed: string[] = [];
  const pasted: string[] = [];
  for (const part of chunks.flatMap((chunk) => splitter.split(chunk))) {
    if ('typed' in part) typed.push(part.typed);
    else pasted.push(part.pasted);
  }
  return { typed: typed.join(''), pasted };
}

const ALL = 'a\u001b[Ab\u001b[200~one\rtwo\u001b[31m\u001b[201~\r\u001b[200~\u001b[201~c';

describe('what a terminal sends', () => {
  test('is told apart as typed and pasted, wherever a chunk ends', () => {
    const whole = { typed: 'a\u001b[Ab\rc', pasted: ['one\rtwo\u001b[31m'] };
    expect(parts(ALL)).toEqual(whole);
    // Nowhere but behind an escape, which is a key.
    const cuts = [...ALL].flatMap((_, at) => (ALL[at - 1] === '\u001b' ? [] : [at]));
    expect(cuts.length).toBeGreaterThan(30);
    for (const at of cuts) {
      expect([at, parts(ALL.slice(0, at), ALL.slice(at))]).toEqual([at, whole]);
    }
  });

  test('is the escape key at once, though a pasted text may begin so', () => {
    expect(new PasteSplitter().split('\u001b')).toEqual([{ typed: '\u001b' }]);
  });
});

describe('a pasted text', () => {
  test('is one line while it is typed, and one message', () => {
    const typed = asTyped('one\rtwo\r\n\nthree\u2028four\u000bfive\t\n');
    expect(typed).toBe('one␤two␤␤three␤four␤five');
    expect(asMessage(typed)).toBe('one\ntwo\n\nthree\nfour\nfive');
  });

  test('moves no cursor and clears no screen', () => {
    expect(asTyped('a\u001b[2Jb\u009b1mc\u0000\u0007d\te\u007f')).toBe('a[2Jb1mcd\te');
  });
});
