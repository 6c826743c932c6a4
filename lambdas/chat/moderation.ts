import { fieldError, ParlorError } from '../../protocol/errors.ts';
import { errorFrame } from './answer-frames.ts';
import { removed } from './connections.ts';
import { endConnections, forEachConnection, type OpenConnectionPorts } from './end-connections.ts';
import { accountNamed } from './outside-accounts.ts';
import type { Account, AccountStore } from './ports/account-store.ts';
import type { MembershipStore } from './ports/membership-store.ts';

/** What superusers may do to others. It reaches open sockets. */
export interface ModerationPorts extends OpenConnectionPorts {
  accounts: AccountStore;
  memberships: MembershipStore;
  /** Whether the built-in accounts are in use. */
  issuers: { accounts: boolean };
}

/** @throws ParlorError `permission_denied` */
export function requireSuperuser(account: Account): void {
  if (account.superuser) return;
  throw new ParlorError('permission_denied', 'You do not have permission to perform this action.');
}

/**
 * Removes a person from a room, or lets him in again. Rounds that begin after this pass him over.
 *
 * @throws ParlorError `invalid_field`: there is no such user
 */
export async function setRemoved(
  ports: ModerationPorts,
  username: string,
  room: string,
  isRemoved: boolean,
): Promise<void> {
  const { id } = await findUser(ports, username);
  await ports.memberships.setRemoved(id, room, isRemoved);
  if (!isRemoved) return;
  const told = JSON.stringify(errorFrame(removed(room)));
  await forEachConnection(ports, id, async (connection) => {
    if (!connection.rooms.has(room)) return;
    await ports.connections.leave(connection, room);
    await ports.gateway.post(connection.id, told);
  });
}

/**
 * Disables an account and ends its connections, or enables it again.
 *
 * @throws ParlorError `invalid_field`: there is no such user
 */
export async function setDisabled(
  ports: ModerationPorts,
  username: string,
  isDisabled: boolean,
): Promise<void> {
  const { id } = await findUser(ports, username);
  await ports.accounts.setDisabled(id, isDisabled);
  if (!isDisabled) return;
  await endConnections(ports, id);
}

async function findUser(
  { accounts, issuers }: ModerationPorts,
  username: string,
): Promise<Account> {
  const account = await accountNamed(accounts, username, issuers.accounts);
  if (!account) throw fieldError('username', 'There is no such user.');
  return account;
}
