import { fieldError, ParlorError } from '../../protocol/errors.ts';
import { errorFrame } from './answer-frames.ts';
import { removed } from './connections.ts';
import { endConnections, forEachConnection, type OpenConnectionPorts } from './end-connections.ts';
import { accountNamed } from './outside-accounts.ts';
import type { Account, AccountStore } from './ports/account-store.ts';
import type { MembershipStore } from './ports/membership-store.ts';
import type { SuperuserRoster } from './ports/superuser-roster.ts';

/** What superusers may do to others. It reaches open sockets. */
export interface ModerationPorts extends OpenConnectionPorts {
  accounts: AccountStore;
  memberships: MembershipStore;
  /** Whether the built-in accounts are in use. */
  issuers: { accounts: boolean };
}

export interface AccountChangePorts extends ModerationPorts {
  roster: SuperuserRoster;
}

/** @throws ParlorError `permission_denied` */
export function requireSuperuser(account: Account): void {
  if (account.superuser) return;
  throw new ParlorError('permission_denied', 'You do not have permission to perform this action.');
}

/**
 * Removes a person from a room, or lets him in again. Rounds that begin after this pass him over.
 *
 * @returns the person's id
 * @throws ParlorError `invalid_field`: there is no such user
 */
export async function setRemoved(
  ports: ModerationPorts,
  username: string,
  room: string,
  isRemoved: boolean,
): Promise<string> {
  const { id } = await findUser(ports, username);
  await ports.memberships.setRemoved(id, room, isRemoved);
  if (!isRemoved) return id;
  const told = JSON.stringify(errorFrame(removed(room)));
  await forEachConnection(ports, id, async (connection) => {
    if (!connection.rooms.has(room)) return;
    await ports.connections.leave(connection, room);
    await ports.gateway.post(connection.id, told);
  });
  return id;
}

/** What is to be changed of an account; what is left out stays. */
export interface AccountChange {
  disabled?: boolean | undefined;
  superuser?: boolean | undefined;
}

/**
 * Disables an account, which ends its logins for good and its connections, or enables it again;
 * makes a superuser, or takes it back.
 *
 * @param actor the superuser who does it
 * @returns the account's id
 * @throws ParlorError `last_superuser`; `invalid_field`: there is no such user, nothing is to be
 *   changed, or another issuer decides who is a superuser
 */
export async function changeAccount(
  ports: AccountChangePorts,
  actor: Account,
  username: string,
  { disabled, superuser }: AccountChange,
): Promise<string> {
  if (disabled === undefined && superuser === undefined) {
    throw fieldError('disabled', 'Give this field, "superuser", or both.');
  }
  const user = await findUser(ports, username);
  if (superuser !== undefined && isOutside(user)) {
    throw fieldError('superuser', 'The issuer of this user says who is a superuser.');
  }
  // Before anything else: who is the last changes nothing.
  if (disabled || superuser === false) await keepOneSuperuser(ports, actor, user);
  if (superuser !== undefined) await ports.accounts.setSuperuser(user.id, superuser);
  // A disabled one is none who could be the last.
  if (superuser && !(disabled ?? user.disabled)) await ports.roster.enlist(user.id);
  if (disabled === undefined) return user.id;
  await ports.accounts.setDisabled(user.id, disabled);
  if (disabled) await endConnections(ports, user.id);
  return user.id;
}

/**
 * The actor is a superuser at this moment, so with him on the roster it is never empty; and of two
 * who demote each other, the second finds himself alone on it.
 */
async function keepOneSuperuser(
  { roster }: AccountChangePorts,
  actor: Account,
  user: Account,
): Promise<void> {
  // An outside superuser is one for as long as his issuer says so.
  if (isOutside(actor)) return;
  await roster.enlist(actor.id);
  if ((await roster.retire(user.id)) === 'retired') return;
  throw new ParlorError(
    'last_superuser',
    'You are the only superuser that is known. Make another one first, by {"superuser": true}.',
  );
}

/** An account without a password is another issuer's. */
const isOutside = ({ passwordHash }: Account) => passwordHash === undefined;

async function findUser(
  { accounts, issuers }: ModerationPorts,
  username: string,
): Promise<Account> {
  const account = await accountNamed(accounts, username, issuers.accounts);
  if (!account) throw fieldError('username', 'There is no such user.');
  return account;
}
