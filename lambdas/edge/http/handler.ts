import { type OperationId, operations } from '../../../protocol/rest.ts';
import type { CallerPorts } from '../../auth/caller.ts';
import type { DevicePorts } from '../../auth/devices.ts';
import { EDGE_KEY_HEADER } from '../../auth/edge-key.ts';
import type { LoginPorts, SessionPorts } from '../../auth/sessions.ts';
import type { TicketPorts } from '../../auth/tickets.ts';
import type { AccountPorts } from '../../chat/accounts.ts';
import type { HangingPorts } from '../../chat/hanging.ts';
import type { AccountChangePorts } from '../../chat/moderation.ts';
import type { UserBudget } from '../../chat/ports/user-budget.ts';
import type { PublishPorts } from '../../chat/publish.ts';
import type { RoomListPorts } from '../../chat/room-list.ts';
import type { SourceLimitPorts } from '../../chat/source-limits.ts';
import { journaled, type Notes } from '../journal.ts';
import type { Observed } from '../observed.ts';
import { type EdgeServices, requireEdge } from '../require-edge.ts';
import { shell } from '../shell.ts';
import { sourceAddressOf, VIEWER_ADDRESS_HEADER } from '../source-address.ts';
import { authenticateRequest } from './authenticate.ts';
import { type Call, parseCall } from './call.ts';
import { errorAnswers } from './errors.ts';
import type { HttpAnswer, HttpEvent } from './events.ts';
import { describePath } from './options.ts';
import { requireAccounts } from './require-accounts.ts';
import { findRoute, notFound } from './router.ts';

/** What every function of the REST API needs. */
export interface EntryServices extends CallerPorts, EdgeServices, Observed {
  /** Whether the docs are there, to which an error leads. */
  docs: boolean;
}

/** What the operations need that hash a password. */
export interface LoginServices
  extends AccountPorts,
    SourceLimitPorts,
    LoginPorts,
    DevicePorts,
    EntryServices {
  tokens: CallerPorts['tokens'];
  random: LoginPorts['random'];
  sessions: LoginPorts['sessions'] & CallerPorts['sessions'];
  /** Whether people may make accounts for themselves. */
  registration: 'open' | 'closed';
}

/** What all others need. */
export interface HttpServices
  extends SessionPorts,
    TicketPorts,
    PublishPorts,
    RoomListPorts,
    HangingPorts,
    AccountChangePorts,
    EntryServices {
  sessions: SessionPorts['sessions'];
  /** What is sent over REST counts with what comes over sockets. */
  budget: UserBudget;
}

/** One function for each operation in protocol/rest.ts. */
export type Operations<Services> = {
  [Id in OperationId]: (services: Services, call: Call<Id>) => Promise<HttpAnswer>;
};

/** Answers HEAD in place of an operation that GET serves. */
export type AnswerHead<Services> = (
  services: Services,
  id: OperationId,
  call: Call<OperationId>,
) => Promise<HttpAnswer>;

/**
 * The REST API behind API Gateway's HTTP API.
 *
 * @param operations those that this function is for; others are answered as if there were none
 * @param answerHead for functions that serve GET
 */
export function httpHandler<Services extends EntryServices>(
  services: Services,
  operations: Partial<Operations<Services>>,
  answerHead?: AnswerHead<Services>,
) {
  return shell<HttpEvent, HttpAnswer>(services)
    .use(errorAnswers())
    .handler((event): Promise<HttpAnswer> => {
      const { requestId, http } = event.requestContext;
      const notes: Notes = requestId ? { requestId } : {};
      const route = routeName(http.method, event.rawPath);
      return journaled(services, route, notes, () =>
        serve(services, { operations, answerHead }, event, notes),
      );
    });
}

async function serve<Services extends EntryServices>(
  services: Services,
  served: {
    operations: Partial<Operations<Services>>;
    answerHead?: AnswerHead<Services> | undefined;
  },
  event: HttpEvent,
  notes: Notes,
): Promise<HttpAnswer> {
  const { sourceIp } = event.requestContext.http;
  notes.address = sourceIp;
  await requireEdge(services, event.headers[EDGE_KEY_HEADER]);
  const told = event.headers[VIEWER_ADDRESS_HEADER];
  notes.address = sourceAddressOf(services, { sourceIp, told });
  const { method } = event.requestContext.http;
  if (method === 'OPTIONS') return describePath(event.rawPath, services.docs);
  const route = findRoute(method, event.rawPath, services.docs);
  requireAccounts(services, route.id);
  // The call is parsed for this very operation; TypeScript can't follow that through the look-up.
  const handle = served.operations[route.id] as
    | ((services: Services, call: Call<OperationId>) => Promise<HttpAnswer>)
    | undefined;
  // Whoever wrote the path so that API Gateway didn't know it hashes nothing where nobody counts that.
  if (!handle) throw notFound(services.docs);
  const caller = operations[route.id].auth
    ? await authenticateRequest(services, event.headers.authorization)
    : undefined;
  if (caller) notes.userId = caller.account.id;
  const call = await parseCall(route, event, caller, notes);
  if (method === 'HEAD') {
    // The router finds HEAD only where there is a GET.
    if (!served.answerHead) throw notFound(services.docs);
    return await served.answerHead(services, route.id, call);
  }
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
