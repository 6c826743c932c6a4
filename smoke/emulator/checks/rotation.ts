import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'expect';
import { decodeProtectedHeader } from 'jose';
import { deployedTokenSecret } from '../../../bin/rotate/deployed-token-secret.ts';
import { replaceLeakedSecret, rotateTokenSecret } from '../../../bin/rotate/token-secret.ts';
import { LOOK_EVERY_MS } from '../../../lambdas/auth/token-keys.ts';
import { get, post } from '../../../test/e2e/chat-client.ts';
import type { Group } from '../../check.ts';
import type { Person, Target } from '../../target.ts';
import { STACK } from '../cdk.ts';
import { REGION } from '../ministack.ts';

/** No look fails here, so once the interval is enough. */
const OPTIONS = {
  now: Date.now,
  wait: () => sleep(LOOK_EVERY_MS + 1_000),
  tell: () => {},
};

/** The token secret, replaced under people who are logged in. Nobody is, after it. */
export const rotation: Group = {
  title: 'a new token secret',
  checks: [
    {
      name: 'logs nobody out, and signs what is given from then on',
      patienceMs: 120_000,
      async run(target) {
        const before = await login(target, 'rotated');
        const { id } = await rotateTokenSecret(await deployedTokenSecret(STACK, REGION), OPTIONS);
        expect(await statusOf(target, before)).toBe(200);
        const { refresh, access } = before;
        const renewed = await post(target.url, '/api/token/refresh/', { refresh });
        expect(renewed.status).toBe(200);
        const after = await login(target, 'after');
        expect(kidOf(after)).toBe(id);
        expect(kidOf({ access })).not.toBe(id);
        expect(await statusOf(target, after)).toBe(200);
      },
    },
    {
      name: 'that takes the place of one that leaked logs everybody out',
      patienceMs: 120_000,
      async run(target) {
        const before = await login(target, 'leaked');
        const { id } = await replaceLeakedSecret(await deployedTokenSecret(STACK, REGION), OPTIONS);
        expect(await statusOf(target, before)).toBe(401);
        const { refresh } = before;
        expect((await post(target.url, '/api/token/refresh/', { refresh })).status).toBe(401);
        const again = await target.logIn(before.username);
        expect(kidOf(again)).toBe(id);
        expect(await statusOf(target, again)).toBe(200);
      },
    },
  ],
};

async function login(target: Target, name: string): Promise<Person> {
  const { username } = await target.person(name);
  return await target.logIn(username);
}

const statusOf = async ({ url }: Target, { access }: Pick<Person, 'access'>) =>
  (await get(url, '/api/rooms/', access)).status;

const kidOf = ({ access }: Pick<Person, 'access'>) => decodeProtectedHeader(access).kid;
