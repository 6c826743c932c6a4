import { expect, test } from '@jest/globals';
import { connect } from '../../client/index.ts';
import { signUp } from './chat-client.ts';
import { temporaryStack } from './temporary-stack.ts';

test('what a stack that has too much to do refuses stays in the outbox, and is stored once', async () => {
  // One message at a time in a room, and nobody waits for that.
  const stack = await temporaryStack({ limits: { workInPlace: 1, waitingInPlace: 0 } });
  const tokens: Awaited<ReturnType<typeof signUp>>[] = [];
  // One after the other: passwords are a place too.
  for (let n = 0; n < 3; n++) tokens.push(await signUp(stack.url, `writer${n}`));
  const refused: unknown[] = [];
  class Listening extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        const frame = JSON.parse(String(data));
        if (frame.type === 'error') refused.push(frame);
      });
    }
  }
  const clients = tokens.map(({ access }) =>
    connect({
      url: stack.url,
      token: async () => access,
      platform: { openSocket: (url, protocols) => new Listening(url, [...protocols]) },
    }),
  );
  try {
    const rooms = clients.map((client) => client.room('hall'));
    const stored = await Promise.all(rooms.map((room, n) => room.send(`from ${n}`)));
    expect(stored.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({
      code: 'rate_limited',
      ref: expect.any(String),
      retryable: true,
      retryAfter: 2,
    });
    expect(rooms.flatMap((room) => room.state.pending)).toEqual([]);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await stack.close();
  }
}, 60_000);
