import { expect, test } from '@jest/globals';
import { jsonLines, type LogLevel } from '../../../lambdas/aws/journal.ts';

function written(
  level: LogLevel,
  ...entries: { result: string; room?: string; error?: string }[]
): string[] {
  const lines: string[] = [];
  const journal = jsonLines(level, (line) => lines.push(line));
  for (const entry of entries) journal(entry);
  return lines;
}

const ENTRIES = [{ result: 'ok' }, { result: 'refused' }, { result: 'failed' }];

test('the log has a line for each request', () => {
  expect(written('info', ...ENTRIES)).toEqual(ENTRIES.map((entry) => JSON.stringify(entry)));
});

test('the log has only what failed, where that is wanted', () => {
  expect(written('error', ...ENTRIES)).toEqual(['{"result":"failed"}']);
});

test('the log has what went well in spite of a fault, also where only failures are wanted', () => {
  const entry = { result: 'ok', error: 'Error: A post failed.' };
  expect(written('error', entry)).toEqual([JSON.stringify(entry)]);
});

test('nobody can forge a line', () => {
  const [line] = written('info', { result: 'ok', room: 'a\n{"result":"failed"}\r\u2028' });
  expect(line).not.toMatch(/[\n\r]/);
});
