import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../chat/ports/clock.ts';

/** The header in which the edge shows its key. It writes over whatever a client sends there. */
export const EDGE_KEY_HEADER = 'x-parlor-edge-key';

/** Tells requests that came through the edge from those that went past it. */
export interface EdgeKey {
  /**
   * @param shown what the request carries as EDGE_KEY_HEADER
   * @throws a fault of the secret's store, as long as no key could be read
   */
  admits(shown: string | undefined): Promise<boolean>;
}

/**
 * The secret's label (a staging label, as Secrets Manager says) of the version that the edge shows,
 * which `npm run rotate` sets. A version with a label is not deleted.
 */
export const SHOWN_LABEL = 'SHOWN_BY_EDGE';

/** `shown`: the one with SHOWN_LABEL. */
export type EdgeKeyVersion = 'current' | 'previous' | 'shown';

/** Reads a version of the secret; undefined where there is none, which `current` always is. */
export type ReadEdgeKey = (version: EdgeKeyVersion) => Promise<Uint8Array | undefined>;

/** Strangers may show wrong keys as often as they like: they cause a look at most so often. */
export const LOOK_EVERY_MS = 60_000;

/**
 * The key is read with the first request. A wrong one has it read again, with the key before and
 * the one that the edge is known to show. So a key can be replaced while the edge, place by place,
 * still shows the old one; and as often as somebody likes before the edge takes one up.
 */
export function edgeKey(read: ReadEdgeKey, clock: Clock): EdgeKey {
  let keys: Promise<Uint8Array[]> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const current = () => {
    keys ??= readAll(read, 'current').catch((fault: unknown) => {
      keys = undefined;
      throw fault;
    });
    return keys;
  };

  async function lookAgain(): Promise<Uint8Array[]> {
    const before = await current();
    if (clock.now() - lookedAt < LOOK_EVERY_MS) return before;
    lookedAt = clock.now();
    // What is known stays good if this fails: the next wrong key, a minute later, tries again.
    // Those who are refused until then stand in the log, as `direct_access`.
    const found = await readAll(read, 'current', 'previous', 'shown').catch(() => before);
    keys = Promise.resolve(found);
    return found;
  }

  return {
    async admits(shown) {
      if (!shown) return false;
      const given = digest(shown);
      const isGiven = (key: Uint8Array) => timingSafeEqual(digest(key), given);
      return (await current()).some(isGiven) || (await lookAgain()).some(isGiven);
    },
  };
}

async function readAll(read: ReadEdgeKey, ...versions: EdgeKeyVersion[]): Promise<Uint8Array[]> {
  const found = await Promise.all(versions.map(read));
  const keys = found.filter((key) => key !== undefined);
  if (keys.length === 0) throw new Error('The edge key has no current version.');
  return keys;
}

/** Of one length, whatever is compared. */
const digest = (text: string | Uint8Array) => createHash('sha256').update(text).digest();
