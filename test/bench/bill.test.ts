import { describe, expect, test } from '@jest/globals';
import { billOf, STANDING, totalOf } from '../../bench/scale/bill.ts';
import { meterSession } from '../../bench/scale/metered-session.ts';
import { predict } from '../../bench/scale/model.ts';
import { costOf, PRICE_LIST, PRICES, type PriceName, SOURCES } from '../../bench/scale/prices.ts';
import { SESSION_COST } from '../../bench/scale/session.ts';
import { COUNTS, MEASURES } from '../../lambdas/chat/ports/meter.ts';
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

  test('counts what stands in the template', () => {
    const template = templateWith();
    const [webAcl] = Object.values(
      resources(webAclTemplateWith({ waf: 'true' }), 'AWS::WAFv2::WebACL'),
    );
    const of = (type: string) => Object.values(resources(template, type));
    const looksAt = ({ Properties }: { Properties: Record<string, unknown> }) =>
      (Properties.Metrics as { MetricStat?: unknown }[] | undefined)?.filter(
        ({ MetricStat }) => MetricStat,
      ).length ?? 1;
    expect(STANDING).toEqual({
      secrets: of('AWS::SecretsManager::Secret').length,
      alarmMetrics: of('AWS::CloudWatch::Alarm')
        .map(looksAt)
        .reduce((a, b) => a + b),
      dashboards: of('AWS::CloudWatch::Dashboard').length,
      customMetrics: Object.keys({ ...COUNTS, ...MEASURES }).length,
      wafRules: (webAcl?.Properties.Rules as unknown[] | undefined)?.length,
    });
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
