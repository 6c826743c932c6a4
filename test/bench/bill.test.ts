import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { billOf, STANDING, standingOf, totalOf } from '../../bench/scale/bill.ts';
import { MEASURED } from '../../bench/scale/measured.ts';
import { meterSession } from '../../bench/scale/metered-session.ts';
import { predict } from '../../bench/scale/model.ts';
import { costOf, PRICE_LIST, PRICES, type PriceName, SOURCES } from '../../bench/scale/prices.ts';
import { SESSION_COST } from '../../bench/scale/session.ts';
import { BASIC_COUNTS, CANARY_MEASURES, COUNTS, MEASURES } from '../../lambdas/chat/ports/meter.ts';
import { resources, templateWith, webAclTemplateWith } from '../lib/synthesize.ts';

const LOAD = {
  users: 1_000,
  roomSize: 10,
  messagesPerUserAndDay: 20,
  roomMessagesPerSecond: Number.POSITIVE_INFINITY,
  hoursPerDay: 4,
  peak: 3,
};

describe('a bill', () => {
  test('counts what a session takes of DynamoDB as the local database does', async () => {
    expect(await meterSession()).toEqual(SESSION_COST);
  });

  const of = (type: string, context: Record<string, string> = {}) =>
    Object.values(resources(templateWith(context), type));
  const alarmMetrics = (context: Record<string, string>) =>
    of('AWS::CloudWatch::Alarm', context)
      .map(({ Properties }) => Properties.Metrics as { MetricStat?: unknown }[] | undefined)
      .map((metrics) => metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1)
      .reduce((a, b) => a + b);

  test.each([
    ['full', { ...COUNTS, ...MEASURES }],
    ['basic', Object.fromEntries(BASIC_COUNTS.map((name) => [name, 'Count']))],
  ] as const)('counts what stands in the template, %s', (observability, metrics) => {
    expect(STANDING[observability]).toEqual({
      alarmMetrics: alarmMetrics({ observability }),
      dashboards: of('AWS::CloudWatch::Dashboard', { observability }).length,
      customMetrics: Object.keys(metrics).length,
    });
  });

  test('counts the secrets, the web ACL’s rules, and what the canary adds', () => {
    const [webAcl] = Object.values(
      resources(webAclTemplateWith({ waf: 'true' }), 'AWS::WAFv2::WebACL'),
    );
    const secrets = (context: Record<string, string>) =>
      of('AWS::SecretsManager::Secret', context).length;
    const canary = { canary: 'true' };
    expect(STANDING).toMatchObject({
      secrets: secrets({}),
      wafRules: (webAcl?.Properties.Rules as unknown[] | undefined)?.length,
      canary: {
        secrets: secrets(canary) - secrets({}),
        alarmMetrics: alarmMetrics(canary) - alarmMetrics({}),
        customMetrics: Object.keys(CANARY_MEASURES).length,
      },
    });
  });

  test('says what stands there: less where less is watched, more with the canary', () => {
    const standing = (more: object) => standingOf(predict({ ...LOAD, ...more }).bill);
    expect(standing({})).toBeCloseTo(14.2);
    expect(standing({ observability: 'basic' })).toBeCloseTo(3);
    expect(standing({ canary: true }) - standing({})).toBeCloseTo(0.2 + 0.4 + 1.5);
    expect(standing({ waf: true }) - standing({})).toBeCloseTo(9);
    // Nobody has to talk for it.
    expect(standing({ users: 10 })).toBeCloseTo(standing({}));
  });

  test('counts what the canary takes besides', () => {
    const total = (more: object) => predict({ ...LOAD, ...more }).total;
    const extra = total({ canary: true }) - total({});
    expect(extra).toBeGreaterThan(2.1);
    expect(extra).toBeLessThan(3);
    // It is none of the people: what the others ask for them is the same.
    expect(predict({ ...LOAD, canary: true }).usage).toEqual(predict(LOAD).usage);
  });

  test('counts the time that functions take to start, and more of it where they are called seldom', () => {
    const share = (users: number) => {
      const { usage } = predict({ ...LOAD, users });
      return usage.initGbSeconds / usage.invocations;
    };
    expect(share(10)).toBeGreaterThan(1.5 * share(1_000));
    // One in a hundred, however many there are.
    expect(share(1_000_000)).toBeCloseTo(share(100_000));
    const line = predict(LOAD).bill.find(({ item }) => item === 'Lambda, cold starts');
    expect(line?.units).toBe(predict(LOAD).usage.initGbSeconds);
    // Who starts without an edge has one secret less to read.
    const reads = (edge: boolean) => predict({ ...LOAD, edge }).usage.secretReads;
    expect(reads(false)).toBeLessThan(reads(true));
  });

  test('takes for a start what the benchmark of cold starts measured', async () => {
    const results = new URL('../../bench/results/cold-start.md', import.meta.url);
    const page = await readFile(results, 'utf8');
    const ready = [...page.matchAll(/, lean \| \d+ \| [\d.]+ \| ([\d.]+) \|/g)].map(([, ms]) =>
      Number(ms),
    );
    expect(ready).toHaveLength(3);
    const mean = ready.reduce((a, b) => a + b) / ready.length;
    expect(MEASURED.initMs / mean).toBeGreaterThan(0.8);
    expect(MEASURED.initMs / mean).toBeLessThan(1.25);
  });

  test('counts one secret less without CloudFront, which shows the APIs none', () => {
    const secrets = resources(templateWith({ edge: 'false' }), 'AWS::SecretsManager::Secret');
    const bill = predict({ ...LOAD, edge: false }).bill;
    expect(bill.find(({ price }) => price === 'secrets')?.units).toBe(Object.keys(secrets).length);
  });

  test('has a line for each thing, and they make the total', () => {
    const { bill, usage, total } = predict(LOAD);
    expect(bill).toEqual(billOf(LOAD, usage));
    expect(total).toBeCloseTo(bill.reduce((sum, { usd }) => sum + usd, 0));
    expect(new Set(bill.map(({ item }) => item)).size).toBe(bill.length);
    for (const { units, usd, price } of bill) expect(usd).toBeCloseTo(costOf(price, units));
  });

  test('counts a month by hand', () => {
    const { usage } = predict(LOAD);
    const messages = 1_000 * 20 * 30;
    const minutes = 1_000 * 4 * 60 * 30;
    expect(usage.messages).toBeCloseTo(messages);
    expect(usage.connectionMinutes).toBe(minutes);
    // In, acknowledged, and posted to ten; pings and pongs.
    const frames = messages * 12 + (minutes / 4) * 2;
    expect(usage.socketMessages).toBeCloseTo(frames);
    expect(totalOf(predict(LOAD).bill)).toBeGreaterThan(frames / 1e6);
  });

  test('counts what sockets of another issuer take to renew their tokens', () => {
    const minutes = 1_000 * 4 * 60 * 30;
    const { usage } = predict(LOAD);
    const issued = predict({ ...LOAD, issuerTokenMinutes: 5 }).usage;
    // A notice, a token and its answer; the tokens themselves come from elsewhere.
    expect(issued.socketMessages - usage.socketMessages).toBeCloseTo((minutes / 5) * 3);
    expect(issued.writeUnits - usage.writeUnits).toBeCloseTo((minutes / 5) * 4);
    expect(issued.httpRequests).toBe(usage.httpRequests);
  });
});

describe('a price', () => {
  test('goes down tier by tier', () => {
    expect(costOf('socketMessages', 1_000)).toBeCloseTo(1_000);
    expect(costOf('socketMessages', 1_500)).toBeCloseTo(1_000 + 500 * 0.8);
    expect(costOf('transfer', 60_000)).toBeCloseTo(10_000 * 0.085 + 40_000 * 0.08 + 10_000 * 0.06);
    expect(costOf('secrets', 2)).toBeCloseTo(0.8);
  });

  test.each(Object.keys(PRICE_LIST) as PriceName[])('%s says where it is from', (name) => {
    const { tiers, source, date, seen } = PRICE_LIST[name];
    expect(SOURCES[source]).toMatch(/^https:\/\/(aws\.amazon|ably)\.com\//);
    expect(date).toMatch(/^(\d{4}(-\d\d){0,2}|undated)$/);
    expect(['vendor', 'others']).toContain(seen);
    expect(PRICES[name]).toBe(tiers[0]?.[1]);
    expect(tiers.at(-1)?.[0]).toBe(Number.POSITIVE_INFINITY);
  });
});
