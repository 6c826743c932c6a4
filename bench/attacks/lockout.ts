import { setTimeout as sleep } from 'node:timers/promises';
import { type Attack, fromAnywhere, hammer, inWords, noneFailed } from './attack.ts';

const NAME = 'owner';
const PASSWORD = 'correct-horse-9';
const AT_ONCE = 16;

interface LoggedIn {
  status: number;
  device?: string;
}

async function logIn(url: string, body: object, from: Record<string, string>): Promise<LoggedIn> {
  const answer = await fetch(`${url}/api/token/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...from },
    body: JSON.stringify({ username: NAME, ...body }),
  });
  const { device } = (await answer.json()) as { device?: string };
  return { status: answer.status, ...(device !== undefined && { device }) };
}

export const lockout: Attack = {
  name: `${AT_ONCE} wrong logins at once for one name, from everywhere`,

  async prepare({ url }) {
    const body = JSON.stringify({ username: NAME, password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${url}/accounts/registration/`, { method: 'POST', headers, body });
  },

  async run({ url }, end) {
    // By what its owner's device is known.
    const { device } = await logIn(url, { password: PASSWORD, device: null }, {});
    const guesses = hammer(AT_ONCE, end, async () => {
      const { status } = await logIn(url, { password: 'wrong-horse-1' }, fromAnywhere());
      return status;
    });
    // Its owner comes in the middle of it.
    await sleep((end - performance.now()) / 2);
    const tries: number[] = [];
    do {
      tries.push((await logIn(url, { password: PASSWORD, device }, fromAnywhere())).status);
      if (tries.at(-1) !== 200) await sleep(500);
    } while (tries.at(-1) !== 200 && performance.now() < end);
    const statuses = await guesses;
    return {
      did: `${inWords(statuses)}; its owner, from a device that is known: ${tries.join(', ')}`,
      wanted: 'the owner logs in',
      met: tries.at(-1) === 200 && noneFailed(statuses),
    };
  },
};
