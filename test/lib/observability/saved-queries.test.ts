import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import type { FanOutReport } from '../../../lambdas/chat/ports/fan-out.ts';
import type { JournalEntry } from '../../../lambdas/edge/journal.ts';
import { QUERIES } from '../../../lib/observability/saved-queries.ts';
import { resources, templateWith } from '../synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({ edge: 'false' });
});

const RUNBOOK = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

describe('a saved question to the log', () => {
  /** Every word that a line may have, by the types of those who write it. */
  const LINE: Record<keyof JournalEntry, true> = {
    ...{ route: true, result: true, code: true, ms: true, requestId: true, connectionId: true },
    ...{ userId: true, room: true, seq: true, fanOut: true, finding: true, expiry: true },
    ...{ openMinutes: true, error: true },
  };
  const FAN_OUT: Record<Exclude<keyof FanOutReport, 'fault'>, true> = {
    ...{ by: true, delivered: true, gone: true, slow: true, failed: true },
  };
  const KNOWN = new Set([
    ...[...Object.keys(LINE), 'function_request_id'],
    ...Object.keys(FAN_OUT).map((name) => `fanOut.${name}`),
  ]);
  const SYNTAX = new Set([
    ...['filter', 'fields', 'sort', 'limit', 'stats', 'by', 'as', 'asc', 'desc', 'and', 'or'],
    ...['like', 'count', 'count_distinct', 'max', 'sum', 'pct', 'ispresent'],
  ]);

  test.each(Object.entries(QUERIES))('%s asks for what lines have', (_, query) => {
    const named = new Set([...query.matchAll(/\bas (\w+)/g)].map(([, name]) => name));
    const bare = query.replaceAll(/"[^"]*"|\/[^/]*\/|@\w+/g, ' ');
    const words = bare.match(/[A-Za-z_][\w.]*/g) ?? [];
    expect(words.length).toBeGreaterThan(3);
    expect(words.filter((word) => ![KNOWN, SYNTAX, named].some((set) => set.has(word)))).toEqual(
      [],
    );
  });

  test('is asked of all functions, and the page names those that it has', () => {
    const saved = Object.values(resources(template, 'AWS::Logs::QueryDefinition'));
    expect(saved.map(({ Properties }) => Properties.Name).sort()).toEqual(
      Object.keys(QUERIES)
        .map((name) => `Parlor/${name}`)
        .sort(),
    );
    for (const { Properties } of saved) expect(Properties.LogGroupNames).toHaveLength(9);
    const asked = [...RUNBOOK.matchAll(/\bask '([^']+)'/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !Object.hasOwn(QUERIES, name ?? ''))).toEqual([]);
  });
});
