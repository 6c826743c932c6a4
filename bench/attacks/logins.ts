import { type Attack, fromAnywhere, hammer, inWords, noneFailed } from './attack.ts';

const AT_ONCE = 40;

export const logins: Attack = {
  name: `${AT_ONCE} logins at once with made-up names, from everywhere`,
  async run({ url }, end) {
    const statuses = await hammer(AT_ONCE, end, async () => {
      const username = `nobody-${Math.random().toString(36).slice(2)}`;
      const answer = await fetch(`${url}/api/token/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...fromAnywhere() },
        body: JSON.stringify({ username, password: 'correct-horse-9' }),
      });
      await answer.arrayBuffer();
      return answer.status;
    });
    return {
      did: inWords(statuses),
      wanted: 'refused, or put off by 429 and 503',
      met: noneFailed(statuses),
    };
  },
};
