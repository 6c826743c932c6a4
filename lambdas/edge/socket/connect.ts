import { ParlorError } from '../../../protocol/errors.ts';
import { parseRoomName } from '../../../protocol/names.ts';
import { SUBPROTOCOL } from '../../../protocol/subprotocol.ts';
import {
  admitRecorded,
  type Caller,
  type CallerPorts,
  callerBy,
  callerOf,
} from '../../auth/caller.ts';
import { EDGE_KEY_HEADER } from '../../auth/edge-key.ts';
import { redeemTicket, type TicketPorts } from '../../auth/tickets.ts';
import { type ConnectionPorts, openConnection } from '../../chat/connections.ts';
import { journaled, type Notes } from '../journal.ts';
import type { Observed } from '../observed.ts';
import { type EdgeServices, requireEdge } from '../require-edge.ts';
import { shell } from '../shell.ts';
import { sourceAddressOf, VIEWER_ADDRESS_HEADER } from '../source-address.ts';
import { refusals } from './errors.ts';
import { type ConnectEvent, header, type SocketAnswer } from './events.ts';

export interface ConnectServices extends ConnectionPorts, CallerPorts, EdgeServices, Observed {
  tickets: TicketPorts['tickets'];
  allowedOrigins: readonly string[] | undefined;
  strictExpiry: boolean;
}

/**
 * $connect: checks the token or ticket and records the connection by its room.
 *
 * The answer's status decides over the handshake. Nothing can be sent to the client from here: it
 * is not connected yet, and API Gateway would answer 410.
 */
export function connectHandler(services: ConnectServices) {
  return shell<ConnectEvent, SocketAnswer>(services)
    .use(refusals())
    .handler((event): Promise<SocketAnswer> => {
      const { connectionId, requestId } = event.requestContext;
      const notes: Notes = { connectionId, ...(requestId && { requestId }) };
      return journaled(services, '$connect', notes, () => connect(services, event, notes));
    });
}

async function connect(
  services: ConnectServices,
  event: ConnectEvent,
  notes: Notes,
): Promise<SocketAnswer> {
  const sourceIp = event.requestContext.identity?.sourceIp;
  notes.address = sourceIp;
  await requireEdge(services, header(event, EDGE_KEY_HEADER));
  notes.address = sourceAddressOf(services, {
    sourceIp,
    told: header(event, VIEWER_ADDRESS_HEADER),
  });
  checkOrigin(services.allowedOrigins, header(event, 'origin'));
  const query = event.queryStringParameters ?? {};
  const room = parseRoomName(query.room ?? '');
  notes.room = room;

  const offered = offeredSubprotocols(event);
  const speaksV1 = offered.includes(SUBPROTOCOL);
  const credential = credentialOf(query, speaksV1 ? offered : []);
  const caller = await callerWith(services, event, credential);
  const { account, sessionId, authUntil } = caller;
  notes.userId = account.id;

  await openConnection(services, {
    connectionId: event.requestContext.connectionId,
    account,
    sessionId,
    room,
    dialect: speaksV1 ? 'v1' : 'legacy',
    authUntil,
    strictExpiry: services.strictExpiry || caller.strictExpiry,
  });
  await admitRecorded(services, event.requestContext.connectionId, account.id, sessionId);
  // A browser drops a connection whose server doesn't choose among the subprotocols it offered.
  return speaksV1
    ? { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } }
    : { statusCode: 200 };
}

type Query = NonNullable<ConnectEvent['queryStringParameters']>;

type Credential = { token: string } | { ticket: string };

/** @throws ParlorError `not_authenticated` */
function credentialOf({ token, ticket }: Query, offered: readonly string[]): Credential {
  if (token) return { token };
  if (ticket) return { ticket };
  // Later versions of the protocol may be offered beside; no token or ticket begins like that.
  const beside = offered.find((value) => !value.startsWith('parlor.'));
  // The parts of a token are parted by dots; a ticket has none.
  if (beside) return beside.includes('.') ? { token: beside } : { ticket: beside };
  throw new ParlorError(
    'not_authenticated',
    `Give an access token as ?token=, or a ticket as ?ticket=, or either beside "${SUBPROTOCOL}" as a second subprotocol.`,
  );
}

async function callerWith(
  services: ConnectServices,
  { requestContext: { connectionId } }: ConnectEvent,
  credential: Credential,
): Promise<Caller> {
  if ('token' in credential) return await callerOf(services, credential.token);
  return await callerBy(services, await redeemTicket(services, credential.ticket, connectionId));
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
