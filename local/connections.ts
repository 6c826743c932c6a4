import type { ConnectionGateway, PostOutcome } from '../lambdas/chat/ports/connection-gateway.ts';
import type { Connections } from './gateway/gateway.ts';

/**
 * The way to clients of the gateway in this process. A post costs no request, and is answered as the
 * @connections API would answer it.
 */
export function localConnections(connections: Connections): ConnectionGateway {
  return {
    async post(connectionId, frame) {
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
