import { ParlorError } from '../../protocol/errors.ts';
import type { Clock } from '../chat/ports/clock.ts';
import { requireSecretLength } from './secret-length.ts';
import { LABELS, signedUntil } from './token-secret-labels.ts';

/** The token secret, of which several versions may be in use. A version never changes. */
export interface TokenSecretStore {
  /**
   * The labels of each version that has some, by its id.
   *
   * @throws a fault of the store
   */
  versions(): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * @param id of a version. Default: the current one.
   * @throws a fault of the store
   */
  read(id?: string): Promise<{ id: string; secret: Uint8Array }>;
}

/** A version of the secret, with what its tokens name it by (`kid`). */
export interface TokenKey {
  id: string;
  secret: Uint8Array;
  /** A token that was signed later is not good. Milliseconds since 1970; Infinity for no bound. */
  signedUntil: number;
}

/** The keys that sign tokens, or have signed some that may still be good. */
export interface TokenKeys {
  /** @throws a fault of the secret's store, as long as no key could be read */
  signing(): Promise<TokenKey>;
  /**
   * The keys that may have signed a token, the likeliest first: the one that it names or, where it
   * names none that is known, all.
   *
   * @throws as `signing`
   */
  candidates(id: string | undefined): AsyncIterable<TokenKey>;
  /**
   * A key that a token names and that may have come since the keys were looked at.
   *
   * @param signedBefore when the token was there already, in milliseconds since 1970
   * @returns undefined where there is no such key
   * @throws ParlorError `rate_limited`: they were looked at a moment ago, and are not for everybody
   *   who says so; a fault of the store
   */
  newer(id: string, signedBefore: number): Promise<TokenKey | undefined>;
}

/**
 * A function that is used looks at the secret's versions again after so long. So a key is known
 * everywhere that much later, and one that was ended is refused everywhere.
 */
export const LOOK_EVERY_MS = 60_000;

/** At least so long from one look to the next: anybody can make tokens that name unknown keys. */
const COOLDOWN_MS = 5_000;

/** Without a look that succeeded, keys that may have been ended are not good for longer. */
const GOOD_FOR_MS = 60 * 60_000;

interface Ring {
  signing: string;
  /** Of `signedUntil`, by the id. */
  until: ReadonlyMap<string, number>;
  /** A function that starts knows the current one only, which is all that most ever need. */
  isWhole: boolean;
  readAt: number;
}

/**
 * Keys as a store holds them. What a version's value is, is asked once, and only of versions that
 * have a label: tokens that name others cost no reading.
 */
export function tokenKeys(store: TokenSecretStore, clock: Clock): TokenKeys {
  const secrets = new Map<string, Promise<Uint8Array>>();
  let ring: Ring | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let versionsAskedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<Ring> | undefined;

  /** Of many who want it at once, one reads. */
  function read(): Promise<Ring> {
    reading ??= (ring ? readVersions() : readCurrent()).finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readCurrent(): Promise<Ring> {
    readAt = clock.now();
    const { id, secret } = await store.read();
    secrets.set(id, Promise.resolve(secret));
    const until = new Map([[id, Number.POSITIVE_INFINITY]]);
    ring = { signing: id, until, isWhole: false, readAt };
    return ring;
  }

  async function readVersions(): Promise<Ring> {
    readAt = clock.now();
    versionsAskedAt = readAt;
    const versions = await store.versions();
    const signing = [...versions].find(([, labels]) => labels.includes(LABELS.current))?.[0];
    if (signing === undefined) throw new Error('The token secret has no current version.');
    const until = new Map<string, number>();
    for (const [id, labels] of versions) {
      const end = signedUntil(labels);
      if (end !== undefined) until.set(id, end);
    }
    ring = { signing, until, isWhole: true, readAt: versionsAskedAt };
    return ring;
  }

  async function known(): Promise<Ring> {
    if (ring && clock.now() - readAt < LOOK_EVERY_MS) return ring;
    try {
      return await read();
    } catch (fault) {
      // Not told here: functions that start fail with it and tell. What runs goes on with the keys
      // that it has, but not for so long that one which was ended could live on.
      if (ring && clock.now() - ring.readAt < GOOD_FOR_MS) return ring;
      throw fault;
    }
  }

  /** @throws ParlorError `rate_limited`: the versions were asked for a moment ago */
  async function askAgain(): Promise<Ring> {
    const wait = versionsAskedAt + COOLDOWN_MS - clock.now();
    if (wait > 0 && !reading) throw tooSoon(wait);
    return await read();
  }

  const whole = async (now: Ring): Promise<Ring> => (now.isWhole ? now : await askAgain());

  async function keyOf({ until }: Ring, id: string): Promise<TokenKey> {
    let secret = secrets.get(id);
    if (!secret) {
      secret = store.read(id).then((version) => version.secret);
      secrets.set(id, secret);
      // A reading that failed is tried again; who waits for this one is told.
      secret.catch(() => secrets.delete(id));
    }
    return {
      id,
      secret: requireSecretLength(await secret, 'The token secret'),
      signedUntil: until.get(id) ?? Number.NEGATIVE_INFINITY,
    };
  }

  return {
    async signing() {
      const now = await known();
      return await keyOf(now, now.signing);
    },
    async *candidates(id) {
      let now = await known();
      if (id !== undefined && !now.until.has(id)) now = await whole(now);
      if (id !== undefined && now.until.has(id)) {
        yield await keyOf(now, id);
        return;
      }
      const { signing } = now;
      yield await keyOf(now, signing);
      now = await whole(now);
      for (const other of now.until.keys()) if (other !== signing) yield await keyOf(now, other);
    },
    async newer(id, signedBefore) {
      const { readAt: knownAt } = await known();
      // A key has its label before it signs. One that was not there when it had signed is gone.
      if (signedBefore <= knownAt) return undefined;
      const now = await askAgain();
      return now.until.has(id) ? await keyOf(now, id) : undefined;
    },
  };
}

/** Most likely nobody good has made that token; otherwise it is good a moment later. */
const tooSoon = (waitMs: number) =>
  new ParlorError(
    'rate_limited',
    'Your token is signed by a key that was not there a moment ago. Wait, then try again with the same one.',
    { retryAfter: Math.ceil(waitMs / 1_000) },
  );
