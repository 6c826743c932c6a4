import type { LOG_LEVELS } from './environment.ts';

/** What is worth a line. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** As much of a request's line as is needed to write it; edge/journal.ts says what else it holds. */
export interface Line {
  route: string;
  result: 'ok' | 'refused' | 'failed';
  /** Also of what went well in spite of a fault. */
  error?: string;
}

/** `error` is for us to look after, `warn` was the client's doing. */
export function severityOf({ result, error }: Line): 'info' | 'warn' | 'error' {
  if (result === 'failed' || error !== undefined) return 'error';
  return result === 'refused' ? 'warn' : 'info';
}
