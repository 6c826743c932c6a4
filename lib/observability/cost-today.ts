import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PRICES } from '../../bench/scale/prices.ts';
import { TABLE } from '../../lambdas/aws/table.ts';
import { counted, memoryOf, ofEach, orZero } from './metrics.ts';
import type { Watched } from './watched.ts';

/** A day of CloudWatch begins at midnight UTC, so the newest one is today, so far. */
const DAY = Duration.days(1);
const MILLION = 1_000_000;

/**
 * What the day has cost so far, by line, in US dollars: requests, messages and units times the list
 * prices of us-east-1. An estimate: without free tiers, CloudFront, storage and transfer.
 */
export function costToday(watched: Watched): MathExpression[] {
  const { rest, socket, table, functions } = watched;
  const sum = { statistic: Stats.SUM, period: DAY };
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
  return [
    costOf('API Gateway', [
      { count: rest.api.metricCount(sum), price: PRICES.httpRequests / MILLION },
      { count: socket.stage.metric('MessageCount', sum), price: PRICES.socketMessages / MILLION },
      {
        count: counted(socket, 'ConnectionMinutes', DAY),
        price: PRICES.connectionMinutes / MILLION,
      },
    ]),
    costOf('Lambda', [
      ...Object.values(ofEach(functions, 'Invocations', DAY)).map((count) => ({
        count,
        price: PRICES.invocations / MILLION,
      })),
      ...Object.values(ofEach(functions, 'Duration', DAY)).map((count, index) => {
        const each = functions[index];
        // Durations are in milliseconds.
        return { count, price: each ? (PRICES.gbSecond / 1_000) * memoryOf(each) : 0 };
      }),
    ]),
    costOf('DynamoDB', [
      {
        count: table.metric('ConsumedWriteCapacityUnits', sum),
        price: PRICES.writeUnits / MILLION,
      },
      { count: onIndex('ConsumedWriteCapacityUnits'), price: PRICES.writeUnits / MILLION },
      { count: table.metric('ConsumedReadCapacityUnits', sum), price: PRICES.readUnits / MILLION },
      { count: onIndex('ConsumedReadCapacityUnits'), price: PRICES.readUnits / MILLION },
    ]),
    costOf(
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
    ),
  ];
}

interface CostLine {
  count: IMetric;
  /** Of one. */
  price: number;
}

function costOf(label: string, lines: readonly CostLine[]): MathExpression {
  const prefix = label.toLowerCase().replaceAll(/\W/g, '');
  const named = lines.map((line, index) => ({ ...line, id: `${prefix}${index + 1}` }));
  return new MathExpression({
    // Not in scientific notation, which metric math doesn't read.
    expression: named.map(({ id, price }) => `${orZero(id)} * ${price.toFixed(15)}`).join(' + '),
    usingMetrics: Object.fromEntries(named.map(({ id, count }) => [id, count])),
    label,
    period: DAY,
  });
}
