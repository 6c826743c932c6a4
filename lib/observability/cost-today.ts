import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PRICES } from '../../bench/scale/prices.ts';
import { TABLE } from '../../lambdas/aws/table.ts';
import { counted, memoryOf, ofEach, orZero } from './metrics.ts';
import type { Watched } from './watched.ts';

/** A day of CloudWatch begins at midnight UTC, so the newest one is today, so far. */
const DAY = Duration.days(1);
const MILLION = 1_000_000;

export interface CostLine {
  count: IMetric;
  /** Of one. */
  price: number;
}

/**
 * What the day has cost so far, by line, in US dollars: requests, messages and units times the list
 * prices of us-east-1. An estimate: without free tiers, CloudFront, storage and transfer.
 */
export function costToday(watched: Watched): MathExpression[] {
  const { functions } = watched;
  const sum = { statistic: Stats.SUM, period: DAY };
  return [
    priced('API Gateway', requestLines(watched, DAY), DAY),
    priced(
      'Lambda',
      [
        ...Object.values(ofEach(functions, 'Invocations', DAY)).map((count) => ({
          count,
          price: PRICES.invocations / MILLION,
        })),
        ...Object.values(ofEach(functions, 'Duration', DAY)).map((count, index) => {
          const each = functions[index];
          // Durations are in milliseconds.
          return { count, price: each ? (PRICES.gbSecond / 1_000) * memoryOf(each) : 0 };
        }),
      ],
      DAY,
    ),
    priced('DynamoDB', unitLines(watched, DAY), DAY),
    priced(
      'Logs',
      functions.map(({ logGroup }) => ({
        count: new Metric({
          namespace: 'AWS/Logs',
          metricName: 'IncomingBytes',
          dimensionsMap: { LogGroupName: logGroup.logGroupName },
          ...sum,
        }),
        price: PRICES.logs / 1_000_000_000,
      })),
      DAY,
    ),
  ];
}

/** What API Gateway counts, and how long connections were open. */
export function requestLines({ rest, socket }: Watched, period: Duration): CostLine[] {
  const sum = { statistic: Stats.SUM, period };
  return [
    { count: rest.api.metricCount(sum), price: PRICES.httpRequests / MILLION },
    { count: socket.stage.metric('MessageCount', sum), price: PRICES.socketMessages / MILLION },
    {
      count: counted(socket, 'ConnectionMinutes', period),
      price: PRICES.connectionMinutes / MILLION,
    },
  ];
}

/** The units of the table, and of its index. */
export function unitLines({ table }: Watched, period: Duration): CostLine[] {
  const sum = { statistic: Stats.SUM, period };
  const onIndex = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: {
        TableName: table.tableName,
        GlobalSecondaryIndexName: TABLE.visits.name,
      },
      ...sum,
    });
  const [written, read] = ['ConsumedWriteCapacityUnits', 'ConsumedReadCapacityUnits'] as const;
  return [
    { count: table.metric(written, sum), price: PRICES.writeUnits / MILLION },
    { count: onIndex(written), price: PRICES.writeUnits / MILLION },
    { count: table.metric(read, sum), price: PRICES.readUnits / MILLION },
    { count: onIndex(read), price: PRICES.readUnits / MILLION },
  ];
}

/** The sum of lines, in US dollars. */
export function priced(
  label: string,
  lines: readonly CostLine[],
  period: Duration,
): MathExpression {
  // An id begins with a small letter.
  const prefix = `of${label.replaceAll(/\W/g, '')}`;
  const named = lines.map((line, index) => ({ ...line, id: `${prefix}${index + 1}` }));
  return new MathExpression({
    // Not in scientific notation, which metric math doesn't read.
    expression: named.map(({ id, price }) => `${orZero(id)} * ${price.toFixed(15)}`).join(' + '),
    usingMetrics: Object.fromEntries(named.map(({ id, count }) => [id, count])),
    label,
    period,
  });
}
