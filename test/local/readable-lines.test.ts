import { describe, expect, test } from '@jest/globals';
import type { LogLevel } from '../../lambdas/aws/severity.ts';
import type { JournalEntry } from '../../lambdas/edge/journal.ts';
import { readableLines } from '../../local/readable-lines.ts';

function written(level: LogLevel, entry: Partial<JournalEntry>, isTTY = false): string {
  let text = '';
  const output = { isTTY, write: (more: string) => (text += more) };
  readableLines(level, output)({ route: 'ping', result: 'ok', ms: 3, ...entry });
  return text.replace(/\d\d:\d\d:\d\d/, '12:00:00');
}

describe('the local log', () => {
  test('tells a request in one line', () => {
    const fanOut = { by: 'self' as const, delivered: 2, gone: 0, slow: 0, failed: 0 };
    expect(written('info', { route: 'sendMessage', room: 'größe', seq: 7, fanOut })).toBe(
      '12:00:00 sendMessage ok, 3 ms  room=größe seq=7 fanOut(by=self delivered=2 gone=0 slow=0 failed=0)\n',
    );
    expect(written('info', { result: 'refused', code: 'not_joined' })).toBe(
      '12:00:00 ping refused (not_joined), 3 ms  \n',
    );
  });

  test('has the stack of what went wrong below it', () => {
    const error = 'Error: The log is down.\n    at head (log.ts:1:1)';
    expect(written('error', { result: 'failed', code: 'internal', error })).toBe(
      '12:00:00 ping failed (internal), 3 ms  \n    Error: The log is down.\n        at head (log.ts:1:1)\n',
    );
  });

  test('leaves out what is all right where only failures are wanted', () => {
    expect(written('error', {})).toBe('');
    expect(written('error', { result: 'refused' })).toBe('');
    expect(written('error', { error: 'Error: A post failed.' })).toContain('A post failed.');
  });

  test('can be forged by nobody, nor move the cursor', () => {
    const text = written('info', {
      room: 'a\n12:00:00 ping failed',
      connectionId: '\u001b[2J',
      error: 'Error: a\u001b[2Jb\r',
    });
    expect(text.split('\n')).toHaveLength(3);
    for (const character of ['\u001b', '\r']) expect(text).not.toContain(character);
  });

  test('is coloured on a terminal', () => {
    const text = written('info', { result: 'refused' }, true);
    expect(text.startsWith('\u001b[33m')).toBe(true);
    expect(text.endsWith('\u001b[0m\n')).toBe(true);
    expect(written('info', {}, true)).not.toContain('\u001b');
  });
});
