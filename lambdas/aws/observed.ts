import type { Table } from './dynamo.ts';
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
}

/** By what a deployed function is seen from outside: its log, its metrics and its traces. */
export function deployedObserved(
  { client }: Table,
  { stage, logLevel, observability, tracing: traced }: ObservedOptions,
) {
  const { journal, context } = powertoolsJournal(logLevel, stage, traced);
  const { meter, flushing } = emfMeter(stage, observability);
  return { journal, meter, instruments: [...(traced ? [tracing(client)] : []), context, flushing] };
}
