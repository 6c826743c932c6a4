/** How a service says that a request was signed at a time that isn't now. */
const SKEW_NAMES = new Set([
  'AccessDeniedException',
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/** AWS takes five minutes; a Date header is exact to the second. */
const TOLERATED_MS = 4 * 60 * 1_000;

/** A clock of the service's time, as far as its refusals tell it. */
export interface SkewedClock {
  now(): number;
  /**
   * Learns from a refusal.
   *
   * @param signedAt what `now` said when the request was signed
   * @param date the refusal's Date header
   * @returns whether the time was why, so that another signature may do
   */
  correct(refusal: string, signedAt: number, date: string | undefined): boolean;
}

/** @param now this machine's clock, in milliseconds since 1970 */
export function skewedClock(now: () => number): SkewedClock {
  let offset = 0;
  return {
    now: () => now() + offset,
    correct(refusal, signedAt, date) {
      const theirs = Date.parse(date ?? '');
      if (!SKEW_NAMES.has(refusal) || Number.isNaN(theirs)) return false;
      if (Math.abs(theirs - signedAt) < TOLERATED_MS) return false;
      offset = theirs - now();
      return true;
    },
  };
}
