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
  /** Alarms are billed by the metrics that they look at. */
  alarmMetrics: 40,
  dashboards: 1,
  customMetrics: 23,
  wafRules: 4,
} as const;

const MILLION = 1e6;

/** The month's bill, in the order in which it is read. */
export function billOf(load: Load, usage: Usage): BillLine[] {
  const { edge, waf } = loadOf(load);
  const line = (item: string, price: PriceName, units: number): BillLine => {
    const scaled = PRICE_LIST[price].unit.startsWith('million') ? units / MILLION : units;
    return { item, price, units: scaled, usd: costOf(price, scaled) };
  };
  const standing: [string, PriceName, number][] = [
    ['CloudWatch, alarms', 'alarms', STANDING.alarmMetrics],
    ['CloudWatch, dashboard', 'dashboards', STANDING.dashboards],
    ['CloudWatch, metrics', 'metrics', STANDING.customMetrics],
    ['Secrets Manager', 'secrets', edge ? STANDING.secrets : STANDING.secrets - 1],
  ];
  return [
    line('API Gateway, socket messages', 'socketMessages', usage.socketMessages),
    line('API Gateway, connection minutes', 'connectionMinutes', usage.connectionMinutes),
    line('API Gateway, HTTP requests', 'httpRequests', usage.httpRequests),
    line('Lambda, requests', 'invocations', usage.invocations),
    line('Lambda, compute', 'gbSecond', usage.gbSeconds),
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
    ...standing.map(([item, price, units]) => line(item, price, units)),
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
