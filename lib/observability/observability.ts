import { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ENV, type ObservabilityLevel } from '../../lambdas/aws/environment.ts';
import type { EncryptionKey } from '../encryption-key.ts';
import { AlarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { ChatDashboard } from './chat-dashboard.ts';
import { SavedQueries } from './saved-queries.ts';
import { letTrace } from './tracing.ts';
import type { Topics } from './watch.ts';
import type { Watched } from './watched.ts';

export interface ObservabilityProps extends Watched {
  /** Who is told of alarms by e-mail. */
  alarmEmail: string | undefined;
  /** What a month may cost, in US dollars. */
  monthlyBudget: number | undefined;
  /** `basic`: alarms on what keeps people out, and no dashboard. */
  level: ObservabilityLevel;
  /** Whether invocations are traced with X-Ray. */
  tracing: boolean;
  /** By which alarms are encrypted on their way. Default: they are not. */
  encryptionKey: EncryptionKey | undefined;
}

/**
 * By what a stage is seen from outside: metrics of its own name, questions to the log, traces, a
 * dashboard, alarms.
 */
export class Observability extends Construct {
  /** Where alarms are told. */
  readonly topics: Topics;
  /** Those that tell that people can't do something now. */
  readonly urgent: readonly Alarm[];

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    for (const each of props.functions) {
      each.addEnvironment(ENV.stage, Stack.of(this).stackName);
      each.addEnvironment(ENV.observability, props.level);
      if (props.tracing) letTrace(each);
    }
    new SavedQueries(this, 'Queries', props);
    const { alarmEmail: email, encryptionKey, level, monthlyBudget } = props;
    this.topics = {
      now: new AlarmTopic(this, 'AlarmTopic', { email, urgency: 'now', encryptionKey }),
      later: new AlarmTopic(this, 'LaterTopic', { email, urgency: 'later', encryptionKey }),
    };
    const alarms = new Alarms(this, 'Alarms', props, { topics: this.topics, level, monthlyBudget });
    this.urgent = alarms.urgent;
    if (level === 'full') new ChatDashboard(this, 'Dashboard', props, alarms.all);
  }
}
