import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { emfMeter } from '../../../lambdas/aws/emf-meter.ts';
import { COUNTS, type Count, MEASURES, type Measure } from '../../../lambdas/chat/ports/meter.ts';
import { printedLines } from './printed.ts';

let lines: string[];
beforeEach(() => {
  lines = printedLines();
});
afterEach(() => {
  jest.restoreAllMocks();
});

const parsed = () => lines.map((line) => JSON.parse(line));

describe('the meter', () => {
  test('writes one line for an invocation, in the embedded metric format', () => {
    const { meter, flushing } = emfMeter('Parlor-dev');
    meter.count('PostsDelivered');
    meter.count('PostsDelivered', 2);
    meter.measure('AppendLatency', 7);
    meter.measure('AppendLatency', 9);
    flushing.after();
    expect(parsed()).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'Parlor',
              Dimensions: [['service', 'stage']],
              Metrics: [
                { Name: 'PostsDelivered', Unit: 'Count' },
                { Name: 'AppendLatency', Unit: 'Milliseconds' },
              ],
            },
          ],
        },
        service: 'parlor',
        stage: 'Parlor-dev',
        PostsDelivered: 3,
        AppendLatency: [7, 9],
      },
    ]);
  });

  test('writes where little is watched what that is, and the canary’s own', () => {
    const { meter, flushing } = emfMeter('Parlor', 'basic');
    meter.count('PostsDelivered');
    meter.measure('AppendLatency', 7);
    flushing.after();
    expect(lines).toEqual([]);
    meter.count('PostsDelivered');
    meter.count('Errors');
    meter.measure('CanaryAck', 30);
    flushing.after();
    const [{ _aws, service, stage, ...written }] = parsed();
    expect(written).toEqual({ Errors: 1, CanaryAck: 30 });
  });

  test('writes nothing when nothing was noted, and nothing twice', () => {
    const { meter, flushing } = emfMeter('Parlor');
    flushing.after();
    expect(lines).toEqual([]);
    meter.count('Errors');
    flushing.onError();
    flushing.after();
    expect(parsed()).toEqual([expect.objectContaining({ Errors: 1 })]);
  });

  test('counts ten thousand posts in one line, and keeps every measurement', () => {
    const { meter, flushing } = emfMeter('Parlor');
    for (let post = 0; post < 10_000; post++) meter.count('PostsSlow');
    for (let round = 0; round < 250; round++) meter.measure('FanOutTime', round);
    flushing.after();
    const values = parsed().flatMap(({ FanOutTime }) => FanOutTime);
    expect(values).toHaveLength(250);
    expect(parsed().filter((line) => 'PostsSlow' in line)).toEqual([
      expect.objectContaining({ PostsSlow: 10_000 }),
    ]);
    // CloudWatch takes 100 values of a metric in a line.
    expect(lines).toHaveLength(3);
  });

  test('knows every name of the vocabulary', () => {
    const { meter, flushing } = emfMeter('Parlor');
    for (const name of Object.keys(COUNTS) as Count[]) meter.count(name);
    for (const name of Object.keys(MEASURES) as Measure[]) meter.measure(name, 1);
    flushing.after();
    const [line] = parsed();
    const names = line._aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name);
    expect(names.sort()).toEqual([...Object.keys(COUNTS), ...Object.keys(MEASURES)].sort());
  });
});
