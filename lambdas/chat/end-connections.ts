import type { Connection } from './connection.ts';
import { allEnded, forEachParallel } from './parallel.ts';
import type { Clock } from './ports/clock.ts';
import type { ConnectionGateway } from './ports/connection-gateway.ts';
import type { ConnectionStore } from './ports/connection-store.ts';

/**
 * What shuts people out reaches their open sockets: first is written what keeps them out, then all
 * connections are looked at that there are; who connects at the same time looks after he has been
 * recorded. One of the two sees the other.
 */
export interface OpenConnectionPorts extends RowPorts {
  gateway: ConnectionGateway;
}

interface RowPorts {
  connections: ConnectionStore;
  clock: Clock;
}

const AT_ONCE = 10;

/** Goes through a user's open connections. */
export async function forEachConnection(
  { connections, clock }: RowPorts,
  userId: string,
  job: (connection: Connection) => Promise<void>,
): Promise<void> {
  const now = clock.now();
  const open = await connections.ofUser(userId, now);
  await forEachParallel(open, AT_ONCE, async ({ connectionId }) => {
    const connection = await connections.find(connectionId, now);
    if (connection) await job(connection);
  });
}

/** Ends a user's connections: all of them, or those that `isMeant`. */
export async function endConnections(
  ports: RowPorts & { gateway: Pick<ConnectionGateway, 'close'> },
  userId: string,
  isMeant: (connection: Connection) => boolean = () => true,
): Promise<void> {
  await forEachConnection(ports, userId, async (connection) => {
    if (!isMeant(connection)) return;
    // Whichever of the two fails, the other keeps him out.
    await allEnded([ports.connections.remove(connection.id), ports.gateway.close(connection.id)]);
  });
}
