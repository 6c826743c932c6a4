import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { emfMeter } from './emf-meter.ts';
import type { ObservabilityLevel } from './environment.ts';
import { powertoolsJournal } from './journal.ts';
import type { LogLevel } from './severity.ts';
import { tracing } from './tracing.ts';

export interface ObservedOptions {
  /** Name of the stack, which tells one stage's metrics and lines from another's. */
  stage: string;
  logLevel: LogLevel;
  observability: ObservabilityLevel;
  /** Whether invocations are traced with X-Ray. */
  tracing: boolean;
  /** Whose calls are traced. */
  sdkClient: Promise<DynamoDBDocumentClient> | undefined;
}

/** By what a deployed function is seen from outside: its log, its metrics and its traces. */
export function deployedObserved(options: ObservedOptions) {
  const { stage, logLevel, observability, tracing: traced, sdkClient } = options;
  const { journal, context } = powertoolsJournal(logLevel, stage, traced);
  const { meter, flushing } = emfMeter(stage, observability);
  return {
    journal,
    meter,
    instruments: [...(traced && sdkClient ? [tracing(sdkClient)] : []), context, flushing],
  };
}
