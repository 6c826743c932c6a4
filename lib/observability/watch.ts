import type { AlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';

/** One thing that should wake a person. */
export interface Watch extends Pick<AlarmProps, 'metric' | 'threshold'> {
  /** Also the name of its section in docs/operations.md. */
  name: string;
  /** One sentence, for the e-mail. */
  says: string;
  /** Default: at least the threshold. */
  below?: true;
  /** Periods that all must be so. Default: 1. */
  periods?: number;
  /** Of those periods so many are enough. Default: all. */
  enough?: number;
  /** Whether silence is a bad sign. */
  silenceIsBad?: true;
  /** Whether it can wait; else people can't do something now. */
  canWait?: true;
}

/** Where alarms are told, by how soon somebody should look. */
export interface Topics {
  /** People can't get in, or can't write. */
  now: ITopic;
  /** It gets worse, or later, if nobody looks within the hour. */
  later: ITopic;
}
