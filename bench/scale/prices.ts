/**
 * List prices in US dollars, of AWS for us-east-1, without free tiers, as they could be found on
 * 22 November 2026. Look one up before you count on it.
 */
export interface Price {
  /** For the first so many units, and then for the next: what one costs. */
  tiers: readonly (readonly [upTo: number, usd: number])[];
  /** What one unit is. */
  unit: string;
  source: keyof typeof SOURCES;
  /** When what was read was written: a day, month or year, or `undated`. */
  date: string;
  /**
   * `vendor`: the number was read in a stored copy of the vendor's own page or price list.
   * `others`: in other people's pages only, for the vendor's fills its tables in when it is shown.
   */
  seen: 'vendor' | 'others';
}

export const SOURCES = {
  apiGateway: 'https://aws.amazon.com/api-gateway/pricing/',
  lambda: 'https://aws.amazon.com/lambda/pricing/',
  dynamo: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  cloudFront: 'https://aws.amazon.com/cloudfront/pricing/',
  cloudWatch: 'https://aws.amazon.com/cloudwatch/pricing/',
  secretsManager: 'https://aws.amazon.com/secrets-manager/pricing/',
  waf: 'https://aws.amazon.com/waf/pricing/',
  iotCore: 'https://aws.amazon.com/iot-core/pricing/',
  appSync: 'https://aws.amazon.com/appsync/pricing/',
  ably: 'https://ably.com/docs/platform/pricing',
} as const;

const ALL = Number.POSITIVE_INFINITY;

function price(
  tiers: number | Price['tiers'],
  unit: string,
  source: Price['source'],
  date: string,
  seen: Price['seen'],
): Price {
  return { tiers: typeof tiers === 'number' ? [[ALL, tiers]] : tiers, unit, source, date, seen };
}

export const PRICE_LIST = {
  /** Of 512 KB or a part of it. */
  httpRequests: price(
    [
      [300, 1],
      [ALL, 0.9],
    ],
    'million requests',
    'apiGateway',
    '2026-09-20',
    'vendor',
  ),
  /** In and out, of 32 KB or a part of it. */
  socketMessages: price(
    [
      [1_000, 1],
      [ALL, 0.8],
    ],
    'million messages',
    'apiGateway',
    '2025-05-19',
    'others',
  ),
  connectionMinutes: price(0.25, 'million minutes', 'apiGateway', 'undated', 'others'),
  invocations: price(0.2, 'million requests', 'lambda', '2024', 'others'),
  /** On Arm. */
  gbSecond: price(
    [
      [7.5e9, 0.0000133334],
      [18.75e9, 0.0000120001],
      [ALL, 0.0000106667],
    ],
    'GB-second',
    'lambda',
    '2024',
    'others',
  ),
  writeUnits: price(0.625, 'million units', 'dynamo', 'undated', 'others'),
  readUnits: price(0.125, 'million units', 'dynamo', 'undated', 'others'),
  storage: price(0.25, 'GB-month', 'dynamo', 'undated', 'vendor'),
  /** Point-in-time recovery. */
  recovery: price(0.2, 'GB-month', 'dynamo', 'undated', 'others'),
  /** Lambda's reads of a stream are free. */
  streamReads: price(0, 'million reads', 'dynamo', 'undated', 'vendor'),
  /** To the United States and Europe. */
  transfer: price(
    [
      [10_000, 0.085],
      [50_000, 0.08],
      [150_000, 0.06],
      [500_000, 0.04],
      [1_024_000, 0.03],
      [5_024_000, 0.025],
      [ALL, 0.02],
    ],
    'GB',
    'cloudFront',
    'undated',
    'vendor',
  ),
  edgeRequests: price(1, 'million requests', 'cloudFront', '2026-03-08', 'others'),
  edgeFunction: price(0.1, 'million calls', 'cloudFront', 'undated', 'others'),
  /** From API Gateway itself, where there is no CloudFront. */
  directTransfer: price(
    [
      [10_000, 0.09],
      [50_000, 0.085],
      [150_000, 0.07],
      [ALL, 0.05],
    ],
    'GB',
    'apiGateway',
    'undated',
    'others',
  ),
  logs: price(0.5, 'GB', 'cloudWatch', '2026-06-13', 'others'),
  alarms: price(0.1, 'metric of an alarm', 'cloudWatch', 'undated', 'vendor'),
  dashboards: price(3, 'dashboard', 'cloudWatch', '2026-06-13', 'others'),
  metrics: price(0.3, 'metric', 'cloudWatch', '2026-02-15', 'others'),
  secrets: price(0.4, 'secret', 'secretsManager', 'undated', 'others'),
  /** When a function starts. */
  secretReads: price(5, 'million reads', 'secretsManager', 'undated', 'others'),
  webAcl: price(5, 'web ACL', 'waf', '2026', 'others'),
  wafRules: price(1, 'rule', 'waf', '2026', 'others'),
  wafRequests: price(0.6, 'million requests', 'waf', '2026', 'others'),

  /** Of 5 KB or a part of it: published, delivered, handled; and connects. Read for Ireland. */
  appSyncOperations: price(1, 'million operations', 'appSync', '2024-09-01', 'vendor'),
  appSyncMinutes: price(0.08, 'million minutes', 'appSync', 'undated', 'others'),
  /** Of 5 KB or a part of it, in or out; and connects and subscriptions. Read for Ireland. */
  iotMessages: price(
    [
      [1_000, 1],
      [5_000, 0.8],
      [ALL, 0.7],
    ],
    'million messages',
    'iotCore',
    '2026-09-20',
    'others',
  ),
  iotMinutes: price(0.08, 'million minutes', 'iotCore', '2026-09-20', 'others'),
  /** A rule that is triggered; as much again for what it does. */
  iotRules: price(0.15, 'million rules', 'iotCore', 'undated', 'others'),
  ablyStandard: price(29, 'month', 'ably', 'undated', 'vendor'),
  ablyPro: price(399, 'month', 'ably', 'undated', 'vendor'),
  ablyMessages: price(2.5, 'million messages', 'ably', 'undated', 'vendor'),
  /** Connections' and channels'. */
  ablyMinutes: price(1, 'million minutes', 'ably', 'undated', 'vendor'),
} as const satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICE_LIST;

/** What the first unit costs, of each. */
export const PRICES = Object.fromEntries(
  Object.entries(PRICE_LIST).map(([name, { tiers }]) => [name, tiers[0]?.[1] ?? 0]),
) as Record<PriceName, number>;

/** What so many units cost, tier by tier. */
export function costOf(name: PriceName, units: number): number {
  let cost = 0;
  let from = 0;
  for (const [upTo, usd] of PRICE_LIST[name].tiers) {
    cost += Math.max(0, Math.min(units, upTo) - from) * usd;
    from = upTo;
  }
  return cost;
}

/** From "Amazon API Gateway quotas", "Lambda quotas" and "Quotas in Amazon DynamoDB". */
export const LIMITS = {
  /** Requests a second of an account and region: messages, posts and HTTP together. Raisable. */
  requestsPerSecond: 10_000,
  /** New connections a second. Raisable. */
  connectsPerSecond: 500,
  /** Minutes after which a connection is cut. */
  connectionMinutes: 120,
  /** Functions at work at once in an account and region. Raisable; a new account has fewer. */
  concurrency: 1_000,
  /** Write units a second of one table on demand. Raisable. */
  tableWriteUnits: 40_000,
  /** Write units a second of one partition. */
  partitionWriteUnits: 1_000,
  /** One query's page. */
  pageBytes: 1_048_576,
} as const;
