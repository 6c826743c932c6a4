import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { localTokenSecretVersions } from '../../bin/rotate/local-token-secret.ts';
import { replaceLeakedSecret, rotateTokenSecret } from '../../bin/rotate/token-secret.ts';
import { tokenKeys } from '../../lambdas/auth/token-keys.ts';
import { LABELS } from '../../lambdas/auth/token-secret-labels.ts';
import { hmacTokens } from '../../lambdas/auth/tokens.ts';
import { localTokenSecret } from '../../local/token-secret.ts';
import { fakeClock } from '../fakes/fake-clock.ts';
import { fakeRandom } from '../fakes/fake-random.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlor-'));
});
afterEach(() => rm(folder, { recursive: true }));

const fileOf = () => join(folder, 'token-secret');

/** A chat that runs on the folder, and a script that rotates its secret. */
function chat() {
  const clock = fakeClock();
  const starts = () =>
    hmacTokens(tokenKeys(localTokenSecret(folder), clock), { clock, random: fakeRandom() });
  const options = {
    now: clock.now,
    wait: async (ms: number) => clock.advance(ms),
    tell: () => {},
  };
  const versions = localTokenSecretVersions(folder);
  return {
    clock,
    starts,
    versions,
    rotate: () => rotateTokenSecret(versions, options),
    replace: () => replaceLeakedSecret(versions, options),
  };
}

describe('the token secret of a data folder', () => {
  test('is made once, also when two start at once, for its owner only', async () => {
    const [one, ...others] = await Promise.all(
      Array.from({ length: 8 }, () => localTokenSecret(folder).read()),
    );
    if (!one) throw new Error('Nothing was read.');
    for (const other of others) expect(other).toEqual(one);
    expect(await readFile(fileOf())).toEqual(Buffer.from(one.secret));
    expect((await stat(fileOf())).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['token-secret']);
  });

  test('of before is rotated without logging anybody out, under a chat that runs', async () => {
    await writeFile(fileOf(), 'a secret of before there were versions');
    const { clock, starts, rotate } = chat();
    const running = starts();
    const old = await running.refresh('alice', 's', 'j');
    await rotate();
    const newer = await starts().access('alice');
    for (const tokens of [running, starts()]) {
      expect(await tokens.verify(old)).toMatchObject({ userId: 'alice' });
      expect(await tokens.verify(newer)).toMatchObject({ userId: 'alice' });
    }
    await rotate();
    clock.advance(60_000);
    expect(await running.verify(old)).toMatchObject({ userId: 'alice' });
    expect((await stat(fileOf())).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['token-secret']);
  });

  test('moves its labels as Secrets Manager does', async () => {
    const { versions } = chat();
    const labels = async () => (await versions.versions()).map((version) => version.labels);
    const [first] = await versions.versions();
    const second = await versions.add(LABELS.pending);
    expect(await labels()).toEqual([[LABELS.current], [LABELS.pending]]);
    await versions.label('KEPT', { to: first?.id ?? '' });
    await versions.label(LABELS.current, { to: second, from: first?.id ?? '' });
    expect(await labels()).toEqual([
      [LABELS.previous, 'KEPT'],
      [LABELS.current, LABELS.pending],
    ]);
    await versions.label(LABELS.pending, { from: second });
    const third = await versions.add(LABELS.pending);
    await versions.label(LABELS.current, { to: third, from: second });
    await versions.label(LABELS.pending, { from: third });
    await versions.label('KEPT', { from: first?.id ?? '' });
    expect(await versions.versions()).toMatchObject([
      { id: second, labels: [LABELS.previous] },
      { id: third, labels: [LABELS.current] },
    ]);
  });

  test('that somebody has seen is replaced, and what it signed is refused', async () => {
    const { starts, replace } = chat();
    const running = starts();
    const old = await running.access('alice');
    await replace();
    await expect(running.verify(old)).rejects.toMatchObject({ code: 'token_not_valid' });
    expect(await running.verify(await starts().access('alice'))).toBeDefined();
  });

  test('that can not be read as versions is told without a piece of it', async () => {
    for (const text of ['{"versions":[{"text":"hush', '{"other":"hush"}']) {
      await writeFile(fileOf(), text);
      await expect(localTokenSecret(folder).read()).rejects.toThrow(
        /token-secret is neither a secret nor JSON of its versions\.$/,
      );
    }
  });
});
