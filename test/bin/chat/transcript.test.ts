import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { parseLine } from '../../../bin/chat/commands.ts';
import { safeText } from '../../../bin/chat/safe-text.ts';
import { Transcript } from '../../../bin/chat/transcript.ts';

const message = (content: string, sender = 'bob') => ({
  seq: 1,
  id: 'id',
  clientId: 'c',
  sender,
  content,
  // Without a zone it is local time, wherever the test runs.
  timestamp: '2026-11-23T09:05:00.000000',
});

describe('the words of others on a terminal', () => {
  test('can’t colour, move, erase or overwrite anything', () => {
    expect(safeText('\u001b[31mred\u001b[0m')).toBe('␛[31mred␛[0m');
    expect(safeText('\u001b]0;title\u0007 \u009b2J \u007f')).toBe('␛]0;title␇ \ufffd2J ␡');
    expect(safeText('hi\radmin: pay')).toBe('hi␍admin: pay');
    expect(safeText('a\b\b\u0000')).toBe('a␈␈␀');
  });

  test('can’t turn the direction of what follows, nor break off in half a character', () => {
    expect(safeText('\u202egnp.exe\u2066 \u2028 \ud83d')).toBe('\ufffdgnp.exe\ufffd \ufffd \ufffd');
  });

  test('stay as they are otherwise', () => {
    const text = 'tab\t, שלום, 日本, 👩‍👩‍👧, é\nand a second line';
    expect(safeText(text)).toBe(text);
    expect(safeText('one\r\ntwo')).toBe('one\ntwo');
  });

  test('can’t look like a message of somebody else', () => {
    const transcript = new Transcript();
    // Our own colours are no part of it; there are none where the output is a pipe.
    const add = (...sent: Parameters<typeof message>) =>
      stripVTControlCharacters(transcript.add(message(...sent)));
    expect(add('hi\n09:06 admin: pay', 'bob\u001b[A')).toBe(
      '── 2026-11-23 ──\n09:05 bob␛[A: hi\n    │ 09:06 admin: pay',
    );
    // The day is told once.
    expect(add('again')).toBe('09:05 bob: again');
  });
});

describe('a line that somebody types', () => {
  test('is said, unless it begins with a slash', () => {
    expect(parseLine('hello')).toEqual({ say: 'hello' });
    expect(parseLine('//etc/hosts')).toEqual({ say: '/etc/hosts' });
    expect(parseLine('   ')).toBe('nothing');
  });

  test('is said as it is where it was pasted with line breaks', () => {
    for (const text of ['/etc/hosts\n/etc/passwd', '// a comment\ncode', '/quit\n']) {
      expect(parseLine(text)).toEqual({ say: text });
    }
  });

  test('is a command with a slash, if there is such', () => {
    expect(parseLine('/quit ')).toEqual({ command: 'quit' });
    expect(parseLine('/room  lobby')).toEqual({ command: 'room', name: 'lobby' });
    expect(parseLine('/rooms')).toEqual({ command: 'rooms' });
    expect(parseLine('/room')).toEqual({ problem: 'Which room? /room NAME' });
    expect(parseLine('/etc/hosts')).toMatchObject({ problem: expect.stringContaining('//etc') });
  });
});
