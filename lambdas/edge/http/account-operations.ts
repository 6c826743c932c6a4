import { logOut, refreshSession, verifyToken } from '../../auth/sessions.ts';
import { issueTicket } from '../../auth/tickets.ts';
import { json } from './events.ts';
import type { HttpServices, Operations } from './handler.ts';

/** /api/token/, /api/tickets/ and /api/me/, but for login-operations.ts. */
export const accountOperations = {
  async refreshToken(services, { body }) {
    return json(200, await refreshSession(services, body.refresh));
  },

  async verifyToken(services, { body }) {
    await verifyToken(services, body.token);
    return json(200, {});
  },

  async blacklistToken(services, { body }) {
    await logOut(services, body.refresh);
    return json(200, {});
  },

  async createTicket(services, { account, sessionId, tokenExpiresAt, strictExpiry }) {
    const identity = { userId: account.id, sessionId, expiresAt: tokenExpiresAt, strictExpiry };
    return json(201, await issueTicket(services, identity));
  },

  async whoAmI(_, { account }) {
    return json(200, { username: account.username, userId: account.id });
  },
} satisfies Partial<Operations<HttpServices>>;
