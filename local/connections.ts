import type { ConnectionGateway, PostOutcome } from '../lambdas/chat/ports/connection-gateway.ts';
import type { Connections } from './gateway/gateway.ts';

/** So many posts are made in one turn of the event loop: some two milliseconds of it. */
const POSTS_A_TURN = 50;

/**
 * The way to clients of the gateway in this process. A post costs no request, and is answered as the
 * @connections API would answer it. A round to a large room lets others work between its posts.
 */
export function localConnections(connections: Connections): ConnectionGateway {
  let made = 0;
  let turn: Promise<void> | undefined;
  const nextTurn = () =>
    new Promise<void>((resolve) => {
      setImmediate(() => {
        made = 0;
        turn = undefined;
        resolve();
      });
    });
  return {
    async post(connectionId, frame) {
      while (made >= POSTS_A_TURN) {
        turn ??= nextTurn();
        await turn;
      }
      made++;
      const posted = connections.post(connectionId, frame);
      if (posted === 'too large') throw new Error('A frame is larger than a message may be.');
      return OUTCOMES[posted];
    },
    isOpen: async (connectionId) => connections.find(connectionId) !== undefined,
    async close(connectionId) {
      connections.close(connectionId);
    },
  };
}

const OUTCOMES = {
  sent: 'delivered',
  gone: 'gone',
  full: 'throttled',
  throttled: 'throttled',
} as const satisfies Record<string, PostOutcome>;
