import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { QUERIES } from '../../../lib/observability/saved-queries.ts';
import { resources, templateWith } from '../synthesize.ts';
import { LINE_FIELDS } from './line-fields.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({ edge: 'false' });
});

const RUNBOOK = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

describe('a saved question to the log', () => {
  const SYNTAX = new Set([
    ...['filter', 'fields', 'sort', 'limit', 'stats', 'by', 'as', 'asc', 'desc', 'and', 'or'],
    ...['like', 'count', 'count_distinct', 'max', 'sum', 'pct', 'ispresent'],
  ]);

  test.each(Object.entries(QUERIES))('%s asks for what lines have', (_, query) => {
    const named = new Set([...query.matchAll(/\bas (\w+)/g)].map(([, name]) => name));
    const bare = query.replaceAll(/"[^"]*"|\/[^/]*\/|@\w+/g, ' ');
    const words = bare.match(/[A-Za-z_][\w.]*/g) ?? [];
    expect(words.length).toBeGreaterThan(3);
    expect(
      words.filter((word) => ![LINE_FIELDS, SYNTAX, named].some((set) => set.has(word))),
    ).toEqual([]);
  });

  test('is asked of all functions, and the page names those that it has', () => {
    const saved = Object.values(resources(template, 'AWS::Logs::QueryDefinition'));
    expect(saved.map(({ Properties }) => Properties.Name).sort()).toEqual(
      Object.keys(QUERIES)
        .map((name) => `Parlor/${name}`)
        .sort(),
    );
    for (const { Properties } of saved) expect(Properties.LogGroupNames).toHaveLength(10);
    const asked = [...RUNBOOK.matchAll(/\bask '([^']+)'/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !Object.hasOwn(QUERIES, name ?? ''))).toEqual([]);
  });

  test('about one room shows what the page reads of a message there', () => {
    const [, way = ''] = RUNBOOK.split("\n### One message's way\n");
    const [section = ''] = way.split('\n##');
    const read = [...section.matchAll(/`([\w.]+)`/g)].map(([, word = '']) => word);
    const fields = read.filter((word) => LINE_FIELDS.has(word) && word !== 'requestId');
    expect(fields).toEqual(expect.arrayContaining(['userId', 'code', 'seq', 'fanOut.by', 'error']));
    const shown = QUERIES['one room'].match(/[\w.]+/g);
    expect(shown).toEqual(expect.arrayContaining([...fields, 'fanOut.gone', 'fanOut.slow']));
  });
});
