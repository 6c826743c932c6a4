import type { ConnectionStore } from '../../chat/ports/connection-store.ts';
import { type Journal, journaled } from '../journal.ts';
import { shell } from '../shell.ts';
import type { DisconnectEvent, SocketAnswer } from './events.ts';

/**
 * $disconnect: removes what is known of the connection, and nothing else. API Gateway calls it at
 * its best effort; what it forgets expires.
 */
export function disconnectHandler(services: { connections: ConnectionStore; journal: Journal }) {
  return shell<DisconnectEvent, SocketAnswer>().handler(async (event): Promise<SocketAnswer> => {
    const { connectionId } = event.requestContext;
    await journaled(services.journal, '$disconnect', { connectionId }, () =>
      services.connections.remove(connectionId),
    );
    return { statusCode: 200 };
  });
}
