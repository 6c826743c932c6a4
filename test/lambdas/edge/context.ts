import type { Context } from 'aws-lambda';

/** As much of Lambda's context as any handler uses. */
export function aContext(remainingMs = 29_000): Context {
  const context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'> = {
    awsRequestId: 'request-1',
    getRemainingTimeInMillis: () => remainingMs,
  };
  return context as Context;
}
