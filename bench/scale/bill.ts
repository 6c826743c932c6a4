import { canaryUsage } from './canary.ts';
import { type Load, loadOf } from './load.ts';
import { costOf, PRICE_LIST, type PriceName } from './prices.ts';
import type { Usage } from './usage.ts';

/** A line of the month's bill. */
export interface BillLine {
  /** Of whom, and for what: "DynamoDB, writes". */
  item: string;
  price: PriceName;
  /** In the price's unit. */
  units: number;
  usd: number;
}

/** What is there whether or not anybody talks. A test counts them in the template. */
export const STANDING = {
  /** The tokens' and the edge's. */
  secrets: 2,
  wafRules: 4,
  /** Alarms are billed by the metrics that they look at. */
  full: { alarmMetrics: 35, dashboards: 1, customMetrics: 23 },
  basic: { alarmMetrics: 10, dashboards: 0, customMetrics: 4 },
  canary: { alarmMetrics: 2, secrets: 1, customMetrics: 5 },
} as const;

const plus = (usage: Usage, more: Partial<Usage>): Usage => ({
  ...usage,
  ...Object.fromEntries(
    (Object.keys(more) as (keyof Usage)[]).map((key) => [key, usage[key] + (more[key] ?? 0)]),
  ),
});

const NO_CANARY = { alarmMetrics: 0, secrets: 0, customMetrics: 0 } as const;

const MILLION = 1e6;

/** The month's bill, in the order in which it is read. */
export function billOf(load: Load, ofPeople: Usage): BillLine[] {
  const { edge, waf, observability, canary } = loadOf(load);
  const watched = STANDING[observability];
  const own = canary ? STANDING.canary : NO_CANARY;
  const usage = canary ? plus(ofPeople, canaryUsage()) : ofPeople;
  const secrets = edge ? STANDING.secrets : STANDING.secrets - 1;
  const line = (item: string, price: PriceName, units: number): BillLine => {
    const scaled = PRICE_LIST[price].unit.startsWith('million') ? units / MILLION : units;
    return { item, price, units: scaled, usd: costOf(price, scaled) };
  };
  const standing: [string, PriceName, number][] = [
    ['CloudWatch, alarms', 'alarms', watched.alarmMetrics + own.alarmMetrics],
    ['CloudWatch, dashboard', 'dashboards', watched.dashboards],
    ['CloudWatch, metrics', 'metrics', watched.customMetrics + own.customMetrics],
    ['Secrets Manager', 'secrets', secrets + own.secrets],
  ];
  return [
    line('API Gateway, socket messages', 'socketMessages', usage.socketMessages),
    line('API Gateway, connection minutes', 'connectionMinutes', usage.connectionMinutes),
    line('API Gateway, HTTP requests', 'httpRequests', usage.httpRequests),
    line('Lambda, requests', 'invocations', usage.invocations),
    line('Lambda, compute', 'gbSecond', usage.gbSeconds),
    line('Lambda, cold starts', 'gbSecond', usage.initGbSeconds),
    line('DynamoDB, writes', 'writeUnits', usage.writeUnits),
    line('DynamoDB, reads', 'readUnits', usage.readUnits),
    line('DynamoDB, storage', 'storage', usage.storedGb),
    line('DynamoDB, recovery', 'recovery', usage.storedGb),
    line('DynamoDB, stream', 'streamReads', usage.messages),
    ...(edge
      ? [
          line('CloudFront, transfer', 'transfer', usage.outGb),
          line('CloudFront, requests', 'edgeRequests', usage.edgeRequests),
          line('CloudFront, function', 'edgeFunction', usage.edgeRequests),
        ]
      : [line('Transfer', 'directTransfer', usage.outGb)]),
    line('CloudWatch, logs', 'logs', usage.logGb),
    ...standing
      .filter(([, , units]) => units > 0)
      .map(([item, price, units]) => line(item, price, units)),
    line('Secrets Manager, reads', 'secretReads', usage.secretReads),
    ...(waf
      ? [
          line('WAF, web ACL', 'webAcl', 1),
          line('WAF, rules', 'wafRules', STANDING.wafRules),
          line('WAF, requests', 'wafRequests', usage.edgeRequests),
        ]
      : []),
  ];
}

export const totalOf = (bill: readonly BillLine[]): number =>
  bill.reduce((total, { usd }) => total + usd, 0);

const STANDS: ReadonlySet<PriceName> = new Set([
  ...(['alarms', 'dashboards', 'metrics', 'secrets', 'webAcl', 'wafRules'] as const),
]);

/** What of a bill is there whether or not anybody talks. */
export const standingOf = (bill: readonly BillLine[]): number =>
  totalOf(bill.filter(({ price }) => STANDS.has(price)));
