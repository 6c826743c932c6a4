import type { ConnectionStore } from '../../chat/ports/connection-store.ts';
import { journaled, type Notes } from '../journal.ts';
import type { Observed } from '../observed.ts';
import { shell } from '../shell.ts';
import type { DisconnectEvent, SocketAnswer } from './events.ts';

/**
 * $disconnect: removes what is known of the connection, and nothing else. API Gateway calls it at
 * its best effort; what it forgets expires.
 */
export function disconnectHandler(services: Observed & { connections: ConnectionStore }) {
  return shell<DisconnectEvent, SocketAnswer>(services).handler(
    async (event): Promise<SocketAnswer> => {
      const { connectionId } = event.requestContext;
      const notes: Notes = { connectionId, ...openMinutes(event) };
      await journaled(services, '$disconnect', notes, () =>
        services.connections.remove(connectionId),
      );
      return { statusCode: 200 };
    },
  );
}

/** By API Gateway's clock, for which it will ask a price. */
function openMinutes({ requestContext }: DisconnectEvent): Pick<Notes, 'openMinutes'> {
  const { connectedAt, requestTimeEpoch } = requestContext;
  if (connectedAt === undefined || requestTimeEpoch === undefined) return {};
  return { openMinutes: Math.max(0, Math.round((requestTimeEpoch - connectedAt) / 6_000) / 10) };
}
