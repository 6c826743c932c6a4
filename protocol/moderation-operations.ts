import type { Operation } from './operation.ts';
import { AccountChange, MemberChange } from './rest-bodies.ts';

/** What superusers may do to others. */
export const moderationOperations = {
  changeMember: {
    method: 'POST',
    path: '/api/rooms/{room}/members/',
    auth: true,
    errors: 'fields',
    tag: 'moderation',
    summary: 'Remove a user from a room, or let him in again',
    description:
      'For superusers. It reaches open sockets: they get nothing of the room any more, and an error frame that says so.',
    body: MemberChange,
    ok: { status: 200, body: MemberChange, description: 'Done.' },
    refusals: {
      400: "There is no such user, the room's name is wrong, or a field is missing.",
      403: 'Only for superusers.',
    },
  },
  changeAccount: {
    method: 'POST',
    path: '/api/accounts/',
    auth: true,
    errors: 'fields',
    tag: 'moderation',
    summary: 'Disable an account, or enable it again; make a superuser, or take it back',
    description:
      'For superusers. Give `disabled`, `superuser` or both. Disabling ends all logins of the account, for good, and their open connections: who is enabled again has to log in again.',
    body: AccountChange,
    ok: { status: 200, body: AccountChange, description: 'Done.' },
    refusals: {
      400: 'There is no such user, or a field is missing.',
      403: 'Only for superusers.',
      409: 'It would leave the chat without a superuser.',
    },
  },
} as const satisfies Record<string, Operation>;
