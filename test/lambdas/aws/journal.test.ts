import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { powertoolsJournal } from '../../../lambdas/aws/journal.ts';
import type { Line, LogLevel } from '../../../lambdas/aws/severity.ts';
import { aContext } from '../edge/context.ts';
import { printedLines } from './printed.ts';

afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.POWERTOOLS_LOGGER_LOG_EVENT;
});

function written(level: LogLevel, ...entries: (Line & { room?: string })[]) {
  const lines = printedLines();
  const { journal } = powertoolsJournal(level, 'Parlor-dev', false);
  for (const entry of entries) journal(entry);
  return lines;
}

const ENTRIES: Line[] = [
  { route: 'ping', result: 'ok' },
  { route: 'ping', result: 'refused' },
  { route: 'ping', result: 'failed' },
];

describe('the log', () => {
  test('has a line for each request, which tells how grave it is, and of which stage', () => {
    const lines = written('info', ...ENTRIES).map((line) => JSON.parse(line));
    const all = { service: 'parlor', stage: 'Parlor-dev', timestamp: expect.any(String) };
    expect(lines).toEqual([
      { ...all, ...ENTRIES[0], level: 'INFO' },
      { ...all, ...ENTRIES[1], level: 'WARN' },
      { ...all, ...ENTRIES[2], level: 'ERROR' },
    ]);
  });

  test('has only what failed, where that is wanted', () => {
    expect(written('error', ...ENTRIES).map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ result: 'failed' }),
    ]);
  });

  test('has what went well in spite of a fault, also where only failures are wanted', () => {
    const [line = ''] = written('error', {
      ...{ route: 'sendMessage', result: 'ok', error: 'Error: A post failed.' },
    });
    expect(JSON.parse(line)).toMatchObject({ level: 'ERROR', error: 'Error: A post failed.' });
  });

  test('can be forged by nobody', () => {
    const room = 'a\n{"result":"failed"}\r\u2028';
    expect(written('info', { route: 'ping', result: 'ok', room })).toHaveLength(1);
  });

  test('names the invocation, but never its event, whatever the environment says', async () => {
    process.env.POWERTOOLS_LOGGER_LOG_EVENT = 'true';
    const lines = printedLines();
    const { journal, context } = powertoolsJournal('info', 'Parlor', false);
    await context.before?.({
      event: { queryStringParameters: { token: 'a token' } },
      context: aContext(),
      response: undefined,
      error: undefined,
      internal: {},
    });
    journal({ route: '$connect', result: 'ok' });
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('a token');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ function_request_id: 'request-1' });
  });
});
