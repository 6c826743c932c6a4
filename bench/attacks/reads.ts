import { CONTENT_BYTES, PAGE_MAX } from '../../protocol/limits.ts';
import { type Attack, hammer, inWords, noneFailed } from './attack.ts';

const ROOM = 'long';
const MESSAGES = 300;
const AT_ONCE = 8;

export const reads: Attack = {
  name: `${AT_ONCE} at once read the largest pages of a room of long messages`,

  async prepare(chat) {
    const headers = await headersOf(chat.token('attacker'));
    const body = JSON.stringify({ content: 'x'.repeat(CONTENT_BYTES) });
    for (let sent = 0; sent < MESSAGES; ) {
      const answer = await fetch(`${chat.url}/api/rooms/${ROOM}/messages/`, {
        ...{ method: 'POST', headers, body },
      });
      await answer.arrayBuffer();
      if (answer.ok) sent++;
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  },

  async run({ url, token }, end) {
    const headers = await headersOf(token('attacker'));
    const statuses = await hammer(AT_ONCE, end, async () => {
      const answer = await fetch(`${url}/api/rooms/${ROOM}/messages/?limit=${PAGE_MAX}`, {
        headers,
      });
      await answer.arrayBuffer();
      return answer.status;
    });
    return {
      did: inWords(statuses),
      wanted: 'served or put off, none failed',
      met: noneFailed(statuses),
    };
  },
};

const headersOf = async (token: Promise<string>) => ({
  authorization: `Bearer ${await token}`,
  'content-type': 'application/json',
});
