import { ParlorError } from '../../protocol/errors.ts';
import type { Clock } from '../chat/ports/clock.ts';

/** Read again when it is older, so that what an issuer withdraws is of no use for long. */
const GOOD_FOR_MS = 10 * 60_000;

/** At least so long from one reading to the next: anybody can send what asks for one. */
export const COOLDOWN_MS = 30_000;

/** The same while there is nothing to go by. */
export const COOLDOWN_WITHOUT_MS = 5_000;

export interface Reading<Value> {
  value: Value;
  /** Milliseconds since 1970. */
  readAt: number;
}

/** Something of an issuer's that is read from elsewhere, and kept. */
export interface Kept<Value> {
  /**
   * The value. While it can't be read, the last one.
   *
   * @throws ParlorError `issuer_unavailable`: there is none yet
   */
  current(): Promise<Reading<Value>>;
  /**
   * The value, read now because the last one wouldn't do.
   *
   * @throws ParlorError `issuer_unavailable`: it can't be read; `rate_limited`: it was read a
   *   moment ago, and is not read for everybody who says so
   */
  renewed(): Promise<Reading<Value>>;
}

/** @param what for the operator: "the keys of corp" */
export function kept<Value>(what: string, read: () => Promise<Value>, clock: Clock): Kept<Value> {
  let last: Reading<Value> | undefined;
  let nextAt = 0;
  let fault: unknown;
  let reading: Promise<Reading<Value>> | undefined;

  /** Of many who want it at once, one reads. */
  function renewed(): Promise<Reading<Value>> {
    reading ??= attempt().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function attempt(): Promise<Reading<Value>> {
    const wait = nextAt - clock.now();
    if (wait > 0) throw fault === undefined ? tooSoon(wait) : unavailable(what, fault, wait);
    try {
      last = { value: await read(), readAt: clock.now() };
      fault = undefined;
      return last;
    } catch (error) {
      fault = error;
      throw unavailable(what, fault, last ? COOLDOWN_MS : COOLDOWN_WITHOUT_MS);
    } finally {
      nextAt = clock.now() + (last ? COOLDOWN_MS : COOLDOWN_WITHOUT_MS);
    }
  }

  return {
    renewed,
    async current() {
      if (last && clock.now() - last.readAt < GOOD_FOR_MS) return last;
      try {
        return await renewed();
      } catch (error) {
        // Not told here: it does no harm until a token comes that the last value doesn't fit. Then
        // `renewed` throws, and the cause is in that request's line.
        if (last) return last;
        throw error;
      }
    },
  };
}

function unavailable(what: string, fault: unknown, waitMs: number): ParlorError {
  return new ParlorError(
    'issuer_unavailable',
    "Your token can't be checked at the moment. Wait, then try again with the same one.",
    { retryAfter: seconds(waitMs), cause: new Error(`Can't read ${what}: ${reasonOf(fault)}`) },
  );
}

/** Most likely a token that nobody good has made: nothing of ours is out of order. */
function tooSoon(waitMs: number): ParlorError {
  return new ParlorError(
    'rate_limited',
    'Your token is signed by a key that was not there a moment ago. Wait, then try again with the same one.',
    { retryAfter: seconds(waitMs) },
  );
}

const seconds = (ms: number) => Math.ceil(ms / 1_000);

/** What fetch says itself tells nothing; what lies behind it does. */
function reasonOf(fault: unknown): string {
  const { message, cause } = fault as { message?: string; cause?: unknown };
  return [message ?? String(fault), ...(cause ? [reasonOf(cause)] : [])].join(': ');
}
