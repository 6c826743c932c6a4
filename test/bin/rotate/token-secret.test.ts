import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import {
  replaceLeakedSecret,
  rotateTokenSecret,
  type TokenSecretVersions,
} from '../../../bin/rotate/token-secret.ts';
import { tokenKeys } from '../../../lambdas/auth/token-keys.ts';
import { LABELS, retiredLabel } from '../../../lambdas/auth/token-secret-labels.ts';
import { hmacTokens, type Tokens } from '../../../lambdas/auth/tokens.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { fakeRandom } from '../../fakes/fake-random.ts';
import { memoryTokenSecret } from '../../fakes/memory-token-secret.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const MONTH = { access: 300, refresh: 30 * 86_400 };

/**
 * A stage: its secret; functions that run, that are hardly used, that start, and that a stranger has
 * just made look at the secret; and people, who have tokens from them and show each to all of them.
 */
function stage() {
  const clock = fakeClock();
  let made = 1;
  const nextText = () => `secret ${made++} `.padEnd(32, 'x');
  const secret = memoryTokenSecret(nextText());
  const starts = () =>
    hmacTokens(tokenKeys(secret.store, clock), {
      clock,
      random: fakeRandom(),
      tokenLifetimes: MONTH,
    });
  const busy = starts();
  const idle = starts();
  const besieged = starts();
  const refreshTokens: { token: string; until: number }[] = [];
  const loggedOut: string[] = [];
  let steps = 0;
  let stopsAfter = Number.POSITIVE_INFINITY;

  const isTaken = (tokens: Tokens, token: string) =>
    tokens.verify(token).then(
      () => true,
      () => false,
    );

  async function peopleTalk(): Promise<void> {
    await isTaken(besieged, await forgedWith('unknown', clock.now()));
    for (const tokens of [busy, starts()]) {
      const token = await tokens.refresh('alice', 's', 'j');
      refreshTokens.push({ token, until: clock.now() + MONTH.refresh * 1_000 });
    }
    for (const { token, until } of refreshTokens) {
      if (until <= clock.now()) continue;
      for (const [name, tokens] of Object.entries({ busy, besieged, starting: starts() }))
        if (!(await isTaken(tokens, token))) loggedOut.push(`by ${name} at ${clock.now()}`);
    }
  }

  /** What the script does to the secret; it dies after so many steps. */
  async function step<Result>(change: () => Result): Promise<Result> {
    if (steps++ >= stopsAfter) throw new Error('The power went.');
    const result = change();
    await peopleTalk();
    return result;
  }
  const versions: TokenSecretVersions = {
    versions: async () =>
      [...(await secret.store.versions())].map(([id, labels]) => ({ id, labels })),
    add: (label) => step(() => secret.put(nextText(), [label])),
    label: (label, { to, from }) => step(() => secret.label(label, to, from)),
  };
  const options = (told: string[]) => ({
    now: clock.now,
    wait: async (ms: number) => {
      await peopleTalk();
      clock.advance(ms);
      await peopleTalk();
    },
    tell: (line: string) => told.push(line),
  });
  return {
    clock,
    secret,
    starts,
    idle,
    busy,
    isTaken,
    loggedOut,
    peopleTalk,
    current: () => secret.holderOf(LABELS.current),
    diesAfter(count: number) {
      stopsAfter = steps + count;
    },
    async rotate() {
      await peopleTalk();
      const told: string[] = [];
      await rotateTokenSecret(versions, options(told));
      await peopleTalk();
      return told;
    },
    async replace() {
      const told: string[] = [];
      await replaceLeakedSecret(versions, { ...options(told), wait: async () => {} });
      return told;
    },
  };
}

describe('rotating the token secret', () => {
  test('three times within a month logs nobody out, and each time another version signs', async () => {
    const { rotate, clock, loggedOut, current, peopleTalk } = stage();
    for (const expected of ['version-2', 'version-3', 'version-4']) {
      await rotate();
      expect(current()).toBe(expected);
      clock.advance(5 * DAY_MS);
      await peopleTalk();
    }
    expect(loggedOut).toEqual([]);
  });

  test('says what it did, and until when the former version is good', async () => {
    const { rotate } = stage();
    expect(await rotate()).toEqual([
      'Made the version version-2, which signs nothing yet.',
      'Waits 120 s, until every function knows it.',
      'version-2 signs from now on. Nobody was logged out.',
      'version-1 is good for tokens that were signed until 2026-11-23 (UTC), and ends by itself with the last of them: refreshTokenDays later for logins.',
      'Nothing is left to do, unless another backend signs tokens with this secret: give it the new value by then.',
    ]);
  });

  test('is known to a function that has not been used meanwhile', async () => {
    const { rotate, idle, busy, isTaken } = stage();
    const before = await idle.access('alice');
    await rotate();
    expect(await isTaken(idle, await busy.access('alice'))).toBe(true);
    expect(await isTaken(idle, before)).toBe(true);
  });

  test.each([0, 1, 2, 3])(
    'that ends after %i of its steps is finished by the next run',
    async (count) => {
      const { rotate, diesAfter, current, loggedOut, secret, peopleTalk, clock } = stage();
      diesAfter(count);
      await expect(rotate()).rejects.toThrow('The power went.');
      clock.advance(DAY_MS);
      await peopleTalk();
      diesAfter(Number.POSITIVE_INFINITY);
      await rotate();
      expect(current()).toBe('version-2');
      expect(secret.holderOf(LABELS.pending)).toBeUndefined();
      await rotate();
      expect(current()).toBe('version-3');
      expect(loggedOut).toEqual([]);
    },
  );

  test('ends the former version when its tokens are over, whoever holds it', async () => {
    const { rotate, clock, starts, isTaken } = stage();
    await rotate();
    clock.advance(3 * DAY_MS);
    // The thief has no other value to sign with.
    const keys = tokenKeys(memoryTokenSecret('secret 1 '.padEnd(32, 'x')).store, clock);
    const forged = await hmacTokens(keys, { clock, random: fakeRandom() }).access('root');
    expect(await isTaken(starts(), forged)).toBe(false);
  });

  test('keeps what was put by hand before it, and the one before that', async () => {
    const { rotate, secret, starts, isTaken } = stage();
    const oldest = await starts().access('alice');
    secret.put('put by hand '.padEnd(32, 'x'));
    const newer = await starts().access('alice');
    await rotate();
    expect(await isTaken(starts(), oldest)).toBe(true);
    expect(await isTaken(starts(), newer)).toBe(true);
  });

  test('fifteen times is as often as labels last, and again when the first are over', async () => {
    const { rotate, clock, secret, loggedOut, current } = stage();
    for (let times = 1; times <= 15; times++) {
      const until = clock.now() + DAY_MS;
      secret.label(retiredLabel(`version-${times}`, until), `version-${times}`, undefined);
      secret.put(`${times}`.padEnd(32, 'x'));
    }
    await expect(rotate()).rejects.toThrow(
      /^16 versions have signed what may still be good: the first ends on 2027-12-29\. Rotate after that\.$/,
    );
    const all = (await secret.store.versions()).values();
    expect([...all].flat().length).toBeLessThanOrEqual(20);
    clock.advance(403 * DAY_MS);
    await rotate();
    expect(current()).toBe('version-17');
    expect(loggedOut).toEqual([]);
  });
});

describe('replacing a secret that somebody has seen', () => {
  test('ends everything that was signed before, by former versions and by one that waits', async () => {
    const { rotate, replace, clock, starts, busy, isTaken, secret, current } = stage();
    const first = await starts().access('alice');
    await rotate();
    const second = await starts().access('alice');
    secret.put('waits '.padEnd(32, 'x'), [LABELS.pending]);
    const told = await replace();
    expect(told.at(-1)).toContain('Everybody is logged out');
    clock.advance(120_000);
    expect(current()).toBe('version-4');
    for (const tokens of [busy, starts()]) {
      expect(await isTaken(tokens, first)).toBe(false);
      expect(await isTaken(tokens, second)).toBe(false);
      expect(await isTaken(tokens, await starts().access('alice'))).toBe(true);
    }
    await rotate();
    expect(await isTaken(starts(), second)).toBe(false);
  });

  test.each([1, 2, 3, 4])(
    'that ends after %i steps goes on with the same version',
    async (count) => {
      const { rotate, replace, diesAfter, starts, isTaken, current, clock } = stage();
      await rotate();
      const old = await starts().access('alice');
      diesAfter(count);
      await expect(replace()).rejects.toThrow('The power went.');
      diesAfter(Number.POSITIVE_INFINITY);
      await expect(rotate()).rejects.toThrow('Run that again first.');
      await replace();
      expect(current()).toBe('version-3');
      clock.advance(120_000);
      expect(await isTaken(starts(), old)).toBe(false);
      await rotate();
      expect(current()).toBe('version-4');
      expect(await isTaken(starts(), old)).toBe(false);
    },
  );
});

/** A token that names a key which may have come a moment ago. */
const forgedWith = (kid: string, now: number): Promise<string> =>
  new SignJWT({ token_type: 'access', user_id: 'alice' })
    .setProtectedHeader({ alg: 'HS256', kid })
    .setIssuedAt(Math.floor(now / 1_000))
    .setExpirationTime(Math.floor(now / 1_000) + 300)
    .setJti('j')
    .sign(new Uint8Array(32));
