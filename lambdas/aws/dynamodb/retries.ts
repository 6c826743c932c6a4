/** What a failed attempt was, as far as trying again goes. */
export type FailureKind = 'throttled' | 'transient' | 'final';

/** In the order of the SDK's own list; these are all that DynamoDB or what stands before it answers. */
const THROTTLING = new Set([
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const TRANSIENT_NAMES = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException']);
const TRANSIENT_STATUS = new Set([500, 502, 503, 504]);
const TRANSIENT_CODES = new Set([
  ...['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
]);

interface Failed {
  name: string;
  /** Node's name for what broke. */
  code?: string;
  $metadata?: { httpStatusCode?: number | undefined };
}

export function kindOf(error: Failed): FailureKind {
  const { name, code, $metadata: { httpStatusCode: status = 0 } = {} } = error;
  if (status === 429 || THROTTLING.has(name)) return 'throttled';
  const transient =
    TRANSIENT_NAMES.has(name) || TRANSIENT_CODES.has(code ?? '') || TRANSIENT_STATUS.has(status);
  return transient ? 'transient' : 'final';
}

/** In milliseconds; the second pause is at most twice as long. The SDK's numbers. */
const LONGEST_PAUSE = { transient: 50, throttled: 1_000 };
/** What a retry costs of a client's budget, and what an answer at once pays back. */
const COST = { transient: 14, throttled: 5 };
const BUDGET = 500;
const PAID_BACK = 1;
/** How much longer than its own pause a client waits because the server says so. */
const LONGEST_FURTHER_WAIT_MS = 5_000;

/** How often one client may try again: when everything fails, retries would only add to the load. */
export interface RetryBudget {
  /**
   * Pays for one more attempt.
   *
   * @param retry 0 for the first retry
   * @param askedMs the pause that the server asks for
   * @returns the pause before it in milliseconds, undefined when there shall be none
   */
  pauseBefore(
    kind: FailureKind,
    retry: number,
    askedMs: number | undefined,
  ): { pauseMs: number; cost: number } | undefined;
  /** @param cost what the last retry of the call cost; undefined when there was none */
  succeeded(cost: number | undefined): void;
}

/** @param fraction a random number from 0 to 1, 1 excluded */
export function retryBudget(fraction: () => number): RetryBudget {
  let left = BUDGET;
  return {
    pauseBefore(kind, retry, askedMs = 0) {
      if (kind === 'final' || left < COST[kind]) return undefined;
      left -= COST[kind];
      const own = Math.floor(fraction() * LONGEST_PAUSE[kind] * 2 ** retry);
      const pauseMs = Math.max(own, Math.min(askedMs, own + LONGEST_FURTHER_WAIT_MS));
      return { pauseMs, cost: COST[kind] };
    },
    succeeded(cost = PAID_BACK) {
      left = Math.min(BUDGET, left + cost);
    },
  };
}
