import { ParlorError } from '../../protocol/errors.ts';
import { EXPIRY_NOTICE } from '../../protocol/limits.ts';
import { errorFrame } from './answer-frames.ts';
import type { Connection } from './connection.ts';
import { forEachParallel } from './parallel.ts';
import type { Clock } from './ports/clock.ts';
import type { ConnectionGateway } from './ports/connection-gateway.ts';
import type { ConnectionStore } from './ports/connection-store.ts';

/**
 * Connections outlive the token that they were opened with: API Gateway looks at it once. Those of
 * a login are closed when it ends. Each that is bound to a token's expiry, or whose login ends
 * before the socket does, is listed by the minute in which that happens, and once a minute somebody
 * looks at the lists of the next minute, of this one and of the last two: who is about to lose his
 * right is told, who has lost it is closed, within EXPIRY_NOTICE of it.
 */
export interface ExpiryPorts {
  connections: ConnectionStore;
  gateway: ConnectionGateway;
  clock: Clock;
}

export interface ExpiryReport {
  told: number;
  closed: number;
  failed: number;
  /** The first of what went wrong. */
  fault?: unknown;
}

const MINUTE_MS = 60_000;
const WIDTH = 50;

const EXPIRING = JSON.stringify(
  errorFrame(
    new ParlorError(
      'token_expiring',
      'Your token is about to expire. Bring a fresh access token by the "auth" action, or this connection will be closed.',
    ),
  ),
);

const EXPIRED = JSON.stringify(
  errorFrame(
    new ParlorError('token_expired', 'Your token has expired. Connect again with a fresh one.'),
  ),
);

/**
 * Called once a minute. A failing connection keeps no other from its turn, nor its own next one.
 *
 * @throws when the lists can't be read
 */
export async function sweepExpiringTokens(ports: ExpiryPorts): Promise<ExpiryReport> {
  const report: ExpiryReport = { told: 0, closed: 0, failed: 0 };
  await forEachParallel(listed(ports), WIDTH, async (connectionId) => {
    try {
      const outcome = await look(ports, connectionId);
      if (outcome !== 'fine') report[outcome]++;
    } catch (fault) {
      report.failed++;
      report.fault ??= fault;
    }
  });
  return report;
}

async function* listed({ connections, clock }: ExpiryPorts): AsyncGenerator<string> {
  const now = clock.now();
  for (const minutes of [1, 0, -1, -2]) {
    for await (const page of connections.expiringAt(now + minutes * MINUTE_MS)) yield* page;
  }
}

async function look(ports: ExpiryPorts, connectionId: string): Promise<'told' | 'closed' | 'fine'> {
  const { connections, gateway, clock } = ports;
  const now = clock.now();
  const connection = await connections.find(connectionId, now);
  // It has ended, or has brought a new token since it was listed.
  if (!connection || connection.authUntil > now + (EXPIRY_NOTICE + 60) * 1_000) return 'fine';
  // How a post ended is the gateway's to count. A client that is not reached is told once more in a minute.
  if (connection.authUntil > now) {
    await gateway.post(connectionId, EXPIRING);
    return 'told';
  }
  await gateway.post(connectionId, EXPIRED);
  await gateway.close(connectionId);
  await connections.remove(connectionId);
  return 'closed';
}

/**
 * Lets a connection go on with a new token. Writes only what the token changes: a fresh token of
 * the login that the connection belongs to mostly changes nothing.
 *
 * @param userId whom the new token speaks for
 * @param authUntil when its login ends, or the token where it names none, in milliseconds since 1970
 * @param sessionId the login that it came from, to which the connection belongs from then on
 * @returns until when the connection may act now; a token that ends earlier takes nothing away
 * @throws ParlorError `wrong_user`, `connection_gone`
 */
export async function renewToken(
  connections: ConnectionStore,
  connection: Connection,
  userId: string,
  authUntil: number,
  sessionId?: string,
): Promise<number> {
  if (userId !== connection.userId) {
    throw new ParlorError(
      'wrong_user',
      'This token speaks for another user. Open a connection of its own for it.',
    );
  }
  const until = Math.min(authUntil, connection.expiresAt);
  if (until < connection.authUntil) return connection.authUntil;
  const otherLogin = sessionId !== undefined && sessionId !== connection.sessionId;
  if (until > connection.authUntil || otherLogin) {
    await connections.renew(connection, until, sessionId);
  }
  return until;
}
