import { type OperationId, operations } from '../../../protocol/rest.ts';
import type { CallerPorts } from '../../auth/caller.ts';
import { EDGE_KEY_HEADER } from '../../auth/edge-key.ts';
import type { SessionPorts } from '../../auth/sessions.ts';
import type { TicketPorts } from '../../auth/tickets.ts';
import type { AccountPorts } from '../../chat/accounts.ts';
import type { AccountChangePorts } from '../../chat/moderation.ts';
import type { UserBudget } from '../../chat/ports/user-budget.ts';
import type { RoomListPorts } from '../../chat/room-list.ts';
import type { SendPorts } from '../../chat/send-message.ts';
import type { SourceLimitPorts } from '../../chat/source-limits.ts';
import { journaled, type Notes } from '../journal.ts';
import type { Observed } from '../observed.ts';
import { type EdgeServices, requireEdge } from '../require-edge.ts';
import { shell } from '../shell.ts';
import { sourceAddressOf, VIEWER_ADDRESS_HEADER } from '../source-address.ts';
import { accountOperations } from './account-operations.ts';
import { authenticateRequest } from './authenticate.ts';
import { type Call, parseCall } from './call.ts';
import { errorAnswers } from './errors.ts';
import type { HttpAnswer, HttpEvent } from './events.ts';
import { answerHead } from './head.ts';
import { moderationOperations } from './moderation-operations.ts';
import { describePath } from './options.ts';
import { requireAccounts } from './require-accounts.ts';
import { roomOperations } from './room-operations.ts';
import { findRoute } from './router.ts';

export interface HttpServices
  extends AccountPorts,
    CallerPorts,
    SessionPorts,
    TicketPorts,
    SendPorts,
    RoomListPorts,
    AccountChangePorts,
    SourceLimitPorts,
    EdgeServices,
    Observed {
  sessions: SessionPorts['sessions'];
  /** What is sent over REST counts with what comes over sockets. */
  budget: UserBudget;
  /** Whether people may make accounts for themselves. */
  registration: 'open' | 'closed';
}

/** One function for each operation in protocol/rest.ts: a missing one doesn't compile. */
export type Operations = {
  [Id in OperationId]: (services: HttpServices, call: Call<Id>) => Promise<HttpAnswer>;
};

const handlers: Operations = {
  ...accountOperations,
  ...roomOperations,
  ...moderationOperations,
};

/** The REST API behind API Gateway's HTTP API. */
export function httpHandler(services: HttpServices) {
  return shell<HttpEvent, HttpAnswer>(services)
    .use(errorAnswers())
    .handler((event): Promise<HttpAnswer> => {
      const { requestId, http } = event.requestContext;
      const notes: Notes = requestId ? { requestId } : {};
      const route = routeName(http.method, event.rawPath);
      return journaled(services, route, notes, () => serve(services, event, notes));
    });
}

async function serve(services: HttpServices, event: HttpEvent, notes: Notes): Promise<HttpAnswer> {
  const { sourceIp } = event.requestContext.http;
  notes.address = sourceIp;
  await requireEdge(services, event.headers[EDGE_KEY_HEADER]);
  const told = event.headers[VIEWER_ADDRESS_HEADER];
  notes.address = sourceAddressOf(services, { sourceIp, told });
  const { method } = event.requestContext.http;
  if (method === 'OPTIONS') return describePath(event.rawPath);
  const route = findRoute(method, event.rawPath);
  requireAccounts(services, route.id);
  const caller = operations[route.id].auth
    ? await authenticateRequest(services, event.headers.authorization)
    : undefined;
  if (caller) notes.userId = caller.account.id;
  const call = await parseCall(route, event, caller, notes);
  if (method === 'HEAD') return await answerHead(services, route.id, call);
  // The call was parsed for this very operation; TypeScript can't follow that through the look-up.
  const handle = handlers[route.id] as (
    services: HttpServices,
    call: Call<OperationId>,
  ) => Promise<HttpAnswer>;
  return await handle(services, call);
}

/** The operation's name for the log; never the path, which anyone can fill with anything. */
function routeName(method: string, path: string): string {
  if (method === 'OPTIONS') return 'options';
  try {
    return findRoute(method, path).id;
  } catch {
    return 'http';
  }
}
