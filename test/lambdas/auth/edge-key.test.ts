import { describe, expect, test } from '@jest/globals';
import { type EdgeKeyVersion, edgeKey } from '../../../lambdas/auth/edge-key.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A secret whose versions can be replaced, and what was read of it. */
function secret(current: string, previous?: string) {
  const clock = fakeClock();
  const versions: Record<EdgeKeyVersion, string | undefined> = {
    current,
    previous,
    shown: undefined,
  };
  const read: string[] = [];
  let broken = false;
  const key = edgeKey(async (version) => {
    read.push(version);
    if (broken) throw new Error('The store is down.');
    const text = versions[version];
    return text === undefined ? undefined : bytes(text);
  }, clock);
  return {
    clock,
    key,
    read,
    put(next: string) {
      versions.previous = versions.current;
      versions.current = next;
    },
    /** Says that the edge shows what is current. */
    isShown() {
      versions.shown = versions.current;
    },
    breaks: (isBroken: boolean) => {
      broken = isBroken;
    },
  };
}

describe('the edge key', () => {
  test('admits who shows it, and is read once for as many as come', async () => {
    const { key, read } = secret('right');
    expect(await key.admits('right')).toBe(true);
    expect(await key.admits('right')).toBe(true);
    expect(read).toEqual(['current']);
  });

  test.each(['wrong', 'righ', 'right ', 'RIGHT'])(
    'does not admit who shows "%s"',
    async (shown) => {
      expect(await secret('right').key.admits(shown)).toBe(false);
    },
  );

  test.each([undefined, ''])('is not even read for who shows %j', async (shown) => {
    const { key, read } = secret('right');
    expect(await key.admits(shown)).toBe(false);
    expect(read).toEqual([]);
  });

  test('is found again after it was replaced, while the old one still does', async () => {
    const { key, put } = secret('old');
    expect(await key.admits('old')).toBe(true);
    put('new');
    expect(await key.admits('new')).toBe(true);
    expect(await key.admits('old')).toBe(true);
  });

  test('also admits the one before where a function starts after it was replaced', async () => {
    const { key } = secret('new', 'old');
    expect(await key.admits('old')).toBe(true);
    expect(await key.admits('older')).toBe(false);
  });

  test('no longer admits the one before the last', async () => {
    const { key, put, clock } = secret('first');
    expect(await key.admits('first')).toBe(true);
    put('second');
    put('third');
    clock.advance(60_000);
    expect(await key.admits('third')).toBe(true);
    expect(await key.admits('first')).toBe(false);
  });

  test('admits the one that the edge shows, however often it was replaced since', async () => {
    const { key, put, isShown } = secret('first');
    isShown();
    put('second');
    put('third');
    expect(await key.admits('first')).toBe(true);
    expect(await key.admits('second')).toBe(true);
    expect(await key.admits('third')).toBe(true);
  });

  test('is looked up again at most once a minute, however many wrong ones are shown', async () => {
    const { key, read, clock } = secret('right');
    for (let times = 0; times < 50; times++) await key.admits('wrong');
    expect(read).toEqual(['current', 'current', 'previous', 'shown']);
    clock.advance(59_999);
    await key.admits('wrong');
    expect(read).toHaveLength(4);
    clock.advance(1);
    await key.admits('wrong');
    expect(read).toHaveLength(7);
  });

  test('admits nobody as long as it could not be read, and is read again then', async () => {
    const { key, breaks } = secret('right');
    breaks(true);
    await expect(key.admits('right')).rejects.toThrow('The store is down.');
    breaks(false);
    expect(await key.admits('right')).toBe(true);
  });

  test('stays good while it can not be looked up again', async () => {
    const { key, breaks } = secret('right');
    await key.admits('right');
    breaks(true);
    expect(await key.admits('wrong')).toBe(false);
    expect(await key.admits('right')).toBe(true);
  });
});
