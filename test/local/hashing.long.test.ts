import { expect, test } from '@jest/globals';
import { scryptHasher } from '../../lambdas/auth/passwords.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';

test('of many logins at once some are told to wait, none fails, and others are served', async () => {
  // As deployed: what is cheap is over before anybody waits.
  const stack = await temporaryStack({ hasher: scryptHasher() });
  try {
    const post = (path: string, body: object) =>
      fetch(stack.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const alice = { username: 'alice', password: 'correct horse battery' };
    expect((await post('/accounts/registration/', alice)).status).toBe(201);
    const { access } = (await (await post('/api/token/', alice)).json()) as { access: string };

    const attack = Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        post('/api/token/', { username: `nobody${n}`, password: 'a wrong password' }),
      ),
    );
    const headers = { authorization: `Bearer ${access}` };
    for (let n = 0; n < 5; n++) {
      expect((await fetch(`${stack.url}/api/rooms/`, { headers })).status).toBe(200);
    }
    const answers = await attack;
    const statuses = answers.map(({ status }) => status);
    // A few at once, and of those in line the ones whose turn comes in time.
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(2);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
    for (const answer of refused) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  } finally {
    await stack.close();
  }
}, 120_000);
