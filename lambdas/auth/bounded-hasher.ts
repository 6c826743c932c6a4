import type { PasswordHasher } from '../chat/ports/password.ts';
import { tooMany } from '../chat/source-limits.ts';

export interface HashingBound {
  /** How many are hashed at once. */
  atOnce: number;
  /** How many wait in line, and for how long at most: whoever asked has a time of his own. */
  waiting: number;
  longestWaitMs: number;
}

/**
 * Lets so many passwords be hashed at once, has some wait in line for a while, and refuses more.
 * For where many requests share one process: each hash takes a thread of a pool of four that reading
 * files and looking names up need as well, and most of a second of a processor. A deployed function
 * works on one request at a time.
 *
 * @throws ParlorError `rate_limited`, of each function of the hasher
 */
export function boundedHasher(
  hasher: PasswordHasher,
  { atOnce, waiting, longestWaitMs }: HashingBound,
): PasswordHasher {
  let running = 0;
  const line: (() => void)[] = [];

  /** @throws ParlorError `rate_limited`, where the line is full or does not move */
  function ownTurn(): Promise<void> {
    if (line.length >= waiting) throw tooMany(RETRY_AFTER_SECONDS);
    return new Promise((resolve, reject) => {
      const goOn = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        line.splice(line.indexOf(goOn), 1);
        reject(tooMany(RETRY_AFTER_SECONDS));
      }, longestWaitMs);
      line.push(goOn);
    });
  }

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= atOnce) {
      await ownTurn();
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      // The next one takes the place over, so nobody who comes now can slip in before it.
      const next = line.shift();
      if (next) next();
      else running--;
    }
  }

  return {
    hash: (password) => inTurn(() => hasher.hash(password)),
    verify: (password, hash) => inTurn(() => hasher.verify(password, hash)),
    isOutdated: (hash) => hasher.isOutdated(hash),
  };
}

/** About as long as a full line takes. */
const RETRY_AFTER_SECONDS = 5;
