import { type OperationId, operations } from '../../../protocol/rest.ts';
import type { SessionPorts } from '../../auth/sessions.ts';
import type { AccountPorts } from '../../chat/accounts.ts';
import type { ModerationPorts } from '../../chat/moderation.ts';
import type { MembershipStore } from '../../chat/ports/membership-store.ts';
import type { SendPorts } from '../../chat/send-message.ts';
import { type Journal, journaled, type Notes } from '../journal.ts';
import { shell } from '../shell.ts';
import { accountOperations } from './account-operations.ts';
import { authenticateRequest } from './authenticate.ts';
import { type Call, parseCall } from './call.ts';
import { errorAnswers } from './errors.ts';
import type { HttpAnswer, HttpEvent } from './events.ts';
import { moderationOperations } from './moderation-operations.ts';
import { roomOperations } from './room-operations.ts';
import { findRoute } from './router.ts';

export interface HttpServices extends AccountPorts, SessionPorts, SendPorts, ModerationPorts {
  memberships: MembershipStore;
  journal: Journal;
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
  return shell<HttpEvent, HttpAnswer>()
    .use(errorAnswers())
    .handler((event): Promise<HttpAnswer> => {
      const { requestId, http } = event.requestContext;
      const notes: Notes = requestId ? { requestId } : {};
      const route = routeName(http.method, event.rawPath);
      return journaled(services.journal, route, notes, () => serve(services, event, notes));
    });
}

async function serve(services: HttpServices, event: HttpEvent, notes: Notes): Promise<HttpAnswer> {
  const route = findRoute(event.requestContext.http.method, event.rawPath);
  const account = operations[route.id].auth
    ? await authenticateRequest(services, event.headers.authorization)
    : undefined;
  if (account) notes.userId = account.id;
  const call = await parseCall(route, event, account, notes);
  // The call was parsed for this very operation; TypeScript can't follow that through the look-up.
  const handle = handlers[route.id] as (
    services: HttpServices,
    call: Call<OperationId>,
  ) => Promise<HttpAnswer>;
  const answer = await handle(services, call);
  return event.requestContext.http.method === 'HEAD' ? { ...answer, body: '' } : answer;
}

/** The operation's name for the log; never the path, which anyone can fill with anything. */
function routeName(method: string, path: string): string {
  try {
    return findRoute(method, path).id;
  } catch {
    return 'http';
  }
}
