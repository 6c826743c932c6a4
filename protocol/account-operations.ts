import { REFRESH_REUSE_GRACE, TICKET_LIFETIME } from './limits.ts';
import type { Operation } from './operation.ts';
import {
  Credentials,
  Empty,
  LoggedIn,
  LoginBody,
  Me,
  RefreshBody,
  Refreshed,
  Registered,
  Ticket,
  VerifyBody,
} from './rest-bodies.ts';

const taken =
  'The username is taken or not allowed, the password is too weak, or a field is missing.';
const wrongCredentials = 'Unknown user or wrong password.';
const closed = 'Nobody can make an account for himself here.';
const busy =
  'Too many come from this network, or at all; `Retry-After` says how many seconds to wait.';
const throttled =
  'Too many failed attempts, or too many come from this network; `Retry-After` says how many seconds to wait.';

/** Accounts, tokens and tickets. */
export const accountOperations = {
  register: {
    method: 'POST',
    path: '/accounts/registration/',
    auth: false,
    errors: 'fields',
    tag: 'accounts',
    summary: 'Create an account',
    body: Credentials,
    ok: { status: 201, body: Registered, description: 'The account exists now.' },
    refusals: { 400: taken, 403: closed, 429: busy },
  },
  login: {
    method: 'POST',
    path: '/accounts/login/',
    auth: false,
    errors: 'fields',
    tag: 'accounts',
    summary: 'Log in',
    description: 'The same as POST /api/token/.',
    body: LoginBody,
    ok: { status: 200, body: LoggedIn, description: 'An access and a refresh token.' },
    refusals: { 400: 'A field is missing.', 401: wrongCredentials, 429: throttled },
  },
  obtainToken: {
    method: 'POST',
    path: '/api/token/',
    auth: false,
    errors: 'fields',
    tag: 'tokens',
    summary: 'Log in',
    description:
      'An access token lives 5 minutes, a refresh token a day. Attempts are counted by name and network, and by name over all networks; a device that shows its device token is counted by itself.',
    body: LoginBody,
    ok: { status: 200, body: LoggedIn, description: 'An access and a refresh token.' },
    refusals: { 400: 'A field is missing.', 401: wrongCredentials, 429: throttled },
  },
  refreshToken: {
    method: 'POST',
    path: '/api/token/refresh/',
    auth: false,
    errors: 'fields',
    tag: 'tokens',
    summary: 'Trade a refresh token for new tokens',
    description: `The refresh token rotates: keep the new one. For ${REFRESH_REUSE_GRACE} seconds, and until the new one is used, the old one gets the same new one again, for the answer may have been lost. Using it later ends the whole login, for it may have been stolen.`,
    body: RefreshBody,
    ok: { status: 200, body: Refreshed, description: 'New tokens.' },
    refusals: {
      400: 'A field is missing.',
      401: 'The token is invalid, expired, used, or of the wrong type; or its account is disabled.',
    },
  },
  verifyToken: {
    method: 'POST',
    path: '/api/token/verify/',
    auth: false,
    errors: 'fields',
    tag: 'tokens',
    summary: 'Ask whether a token is valid',
    body: VerifyBody,
    ok: { status: 200, body: Empty, description: 'It is.' },
    refusals: { 400: 'A field is missing.', 401: 'It is not.' },
  },
  blacklistToken: {
    method: 'POST',
    path: '/api/token/blacklist/',
    auth: false,
    errors: 'fields',
    tag: 'tokens',
    summary: 'Log out',
    description:
      'Ends the login that the refresh token belongs to: all tokens and tickets that came from it are of no use any more, and its open sockets are closed with 1000.',
    body: RefreshBody,
    ok: { status: 200, body: Empty, description: 'It has ended.' },
    refusals: {
      400: 'A field is missing.',
      401: 'The token is invalid, expired, or of the wrong type.',
    },
  },
  createTicket: {
    method: 'POST',
    path: '/api/tickets/',
    auth: true,
    errors: 'detail',
    tag: 'tokens',
    summary: 'Get a ticket that opens one socket',
    description: `For clients that would have to put a token in a URL. Bring it as \`?ticket=\` or in the token's place among the subprotocols, once, within ${TICKET_LIFETIME} seconds. The connection is bound to the token by which the ticket was got.`,
    ok: { status: 201, body: Ticket, description: 'A ticket.' },
    refusals: {},
  },
  whoAmI: {
    method: 'GET',
    path: '/api/me/',
    auth: true,
    errors: 'detail',
    tag: 'accounts',
    summary: 'Whose token this is',
    ok: { status: 200, body: Me, description: 'Your name, as others see it.' },
    refusals: {},
  },
} as const satisfies Record<string, Operation>;
