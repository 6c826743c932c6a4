import middy from '@middy/core';
import type { Observed } from './observed.ts';

/**
 * What every handler begins with. middy would answer for a handler some milliseconds before
 * Lambda ends it, past the journal, and the work would go on: Lambda's own timeout says it better.
 */
export const shell = <Event, Result>({ instruments = [] }: Observed) =>
  middy<Event, Result>({ timeoutEarlyInMillis: 0 }).use([...instruments]);
