import { ParlorError } from '../../../protocol/errors.ts';
import { SUBPROTOCOL } from '../../../protocol/frames.ts';
import { parseRoomName } from '../../../protocol/names.ts';
import type { Tokens } from '../../auth/tokens.ts';
import { activeAccount } from '../../chat/accounts.ts';
import { type ConnectionPorts, openConnection } from '../../chat/connections.ts';
import type { AccountStore } from '../../chat/ports/account-store.ts';
import { type Journal, journaled, type Notes } from '../journal.ts';
import { shell } from '../shell.ts';
import { refusals } from './errors.ts';
import { type ConnectEvent, header, type SocketAnswer } from './events.ts';

export interface ConnectServices extends ConnectionPorts {
  accounts: AccountStore;
  tokens: Tokens;
  allowedOrigins: readonly string[] | undefined;
  strictExpiry: boolean;
  journal: Journal;
}

/**
 * $connect: checks the token and records the connection by its room.
 *
 * The answer's status decides over the handshake. Nothing can be sent to the client from here: it
 * is not connected yet, and API Gateway would answer 410.
 */
export function connectHandler(services: ConnectServices) {
  return shell<ConnectEvent, SocketAnswer>()
    .use(refusals())
    .handler((event): Promise<SocketAnswer> => {
      const { connectionId, requestId } = event.requestContext;
      const notes: Notes = { connectionId, ...(requestId && { requestId }) };
      return journaled(services.journal, '$connect', notes, () => connect(services, event, notes));
    });
}

async function connect(
  services: ConnectServices,
  event: ConnectEvent,
  notes: Notes,
): Promise<SocketAnswer> {
  checkOrigin(services.allowedOrigins, header(event, 'origin'));
  const query = event.queryStringParameters ?? {};
  const room = parseRoomName(query.room ?? '');
  notes.room = room;

  const offered = offeredSubprotocols(event);
  const speaksV1 = offered.includes(SUBPROTOCOL);
  const token = query.token || offered.find((value) => speaksV1 && value !== SUBPROTOCOL);
  if (!token) {
    throw new ParlorError(
      'not_authenticated',
      `Give an access token as ?token= or, beside "${SUBPROTOCOL}", as a second subprotocol.`,
    );
  }
  const { userId, expiresAt } = await services.tokens.verify(token, 'access');
  const account = await activeAccount(services.accounts, userId);
  notes.userId = account.id;

  await openConnection(services, {
    connectionId: event.requestContext.connectionId,
    account,
    room,
    dialect: speaksV1 ? 'v1' : 'legacy',
    tokenExpiresAt: expiresAt,
    strictExpiry: services.strictExpiry,
  });
  // Once more: somebody may have disabled him meanwhile, and have looked before he was in.
  await activeAccount(services.accounts, userId).catch(async (refusal: unknown) => {
    await services.connections.remove(event.requestContext.connectionId);
    throw refusal;
  });
  // A browser drops a connection whose server doesn't choose among the subprotocols it offered.
  return speaksV1
    ? { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } }
    : { statusCode: 200 };
}

function offeredSubprotocols(event: ConnectEvent): string[] {
  const values = header(event, 'sec-websocket-protocol')?.split(',') ?? [];
  return values.map((value) => value.trim()).filter(Boolean);
}

/** Browsers send an Origin with every WebSocket and let any page open one. */
function checkOrigin(allowed: readonly string[] | undefined, origin: string | undefined): void {
  if (!allowed || (origin !== undefined && allowed.includes(origin))) return;
  throw new ParlorError('origin_not_allowed', 'Pages of this origin may not connect here.');
}
