import middy from '@middy/core';

/**
 * What every handler begins with. middy would answer for a handler some milliseconds before
 * Lambda ends it, past the journal, and the work would go on: Lambda's own timeout says it better.
 */
export const shell = <Event, Result>() => middy<Event, Result>({ timeoutEarlyInMillis: 0 });
