import { Metrics } from '@aws-lambda-powertools/metrics';
import {
  BASIC_COUNTS,
  CANARY_MEASURES,
  COUNTS,
  type Count,
  MEASURES,
  type Measure,
  type Meter,
} from '../chat/ports/meter.ts';
import type { ObservabilityLevel } from './environment.ts';
import { NAMESPACE, SERVICE } from './metric-names.ts';

const UNITS = { ...MEASURES, ...CANARY_MEASURES };

/** A canary's are its own: who wants one, wants them. */
const BASIC: ReadonlySet<string> = new Set([...BASIC_COUNTS, ...Object.keys(CANARY_MEASURES)]);

const isWritten = (level: ObservabilityLevel, name: Count | Measure) =>
  level === 'full' || BASIC.has(name);

/**
 * A meter that writes what it took note of as one line in CloudWatch's embedded metric format,
 * which becomes metrics without a call. An environment of Lambda serves one request at a time, so
 * what is noted between two lines is one invocation's.
 *
 * @param level `basic` takes no note of what costs a metric and is on no alarm of such a stage
 * @returns the meter, and the middleware that writes its line when a request has ended
 */
export function emfMeter(stage: string, level: ObservabilityLevel = 'full') {
  const metrics = new Metrics({
    namespace: NAMESPACE,
    serviceName: SERVICE,
    defaultDimensions: { stage },
  });
  // Summed up here: a large room's round is thousands of posts.
  const counts = new Map<Count, number>();
  const measured: [Measure, number][] = [];
  const meter: Meter = {
    count(name, by = 1) {
      if (isWritten(level, name)) counts.set(name, (counts.get(name) ?? 0) + by);
    },
    measure(name, value) {
      if (isWritten(level, name)) measured.push([name, value]);
    },
  };
  const flush = () => {
    // Nothing happened, as with most pings: no line.
    if (counts.size === 0 && measured.length === 0) return;
    for (const [name, sum] of counts) metrics.addMetric(name, COUNTS[name], sum);
    for (const [name, value] of measured) metrics.addMetric(name, UNITS[name], value);
    counts.clear();
    measured.length = 0;
    metrics.publishStoredMetrics();
  };
  return { meter, flushing: { after: flush, onError: flush } };
}
