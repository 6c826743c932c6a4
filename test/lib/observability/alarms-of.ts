import type { Template } from 'aws-cdk-lib/assertions';
import { resources } from '../synthesize.ts';
import type { AlarmProperties, WatchedMetric } from './evaluate-alarm.ts';
import type { Sample } from './samples.ts';

/** The alarms of a template. */
export const alarmsOf = (template: Template): AlarmProperties[] =>
  Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as unknown as AlarmProperties,
  );

/** One of them, by its name without the stack's. */
export function alarmOf(template: Template, name: string): AlarmProperties {
  const found = alarmsOf(template).find(({ AlarmName }) => AlarmName === `Parlor-${name}`);
  if (!found) throw new Error(`There is no alarm ${name}.`);
  return found;
}

/** A sample of the very metric that an alarm is on. */
export function sampleFor(metric: WatchedMetric | undefined, value: number, ago = 0): Sample {
  if (!metric) throw new Error('The alarm is not on that.');
  const { Namespace: namespace, MetricName: name, Dimensions = [] } = metric.on;
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace, name, dimensions, value, ago };
}
