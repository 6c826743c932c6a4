import { ParlorError } from '../../protocol/errors.ts';
import { usernameKey, usernameProblem } from '../../protocol/names.ts';
import { activeAccount } from './accounts.ts';
import type { Account, AccountStore } from './ports/account-store.ts';
import type { Clock } from './ports/clock.ts';

/**
 * People without an account of ours, for whom another issuer vouches. They need no registration:
 * what is kept of them comes with their first token, so that they can be found by the name that
 * everybody sees, and disabled.
 */
export interface OutsideAccountPorts {
  accounts: AccountStore;
  clock: Clock;
}

interface Outsider {
  userId: string;
  username: string;
  /** Undefined where the issuer's tokens don't tell. */
  superuser: boolean | undefined;
}

/**
 * The account of somebody whose token has just been checked. What the token says of him counts,
 * not what an earlier one said. One who was brought in has the account that he had: its name, its
 * rooms, and its rights unless the issuer's tokens tell of rights.
 *
 * @throws ParlorError `user_inactive`
 */
export async function outsideAccount(
  { accounts, clock }: OutsideAccountPorts,
  { userId: id, username, superuser }: Outsider,
): Promise<Account> {
  const known = await accounts.find(id);
  if (known?.disabled) throw new ParlorError('user_inactive', 'User is inactive');
  if (known?.linkedTo !== undefined) {
    const own = await activeAccount(accounts, known.linkedTo);
    return { ...own, superuser: superuser ?? own.superuser };
  }
  if (known?.username === username) return { ...known, superuser: superuser ?? false };
  await accounts.recordOutside(id, username, clock.now());
  return { ...(await activeAccount(accounts, id)), superuser: superuser ?? false };
}

/**
 * Somebody by the name that is shown, or by the id of another issuer's user.
 *
 * @param builtIn whether names without an issuer's label are those of the built-in accounts
 */
export async function accountNamed(
  accounts: AccountStore,
  name: string,
  builtIn: boolean,
): Promise<Account | undefined> {
  // No username of ours has a colon, and no name that is shown.
  if (name.includes(':')) {
    const outsider = await accounts.find(name);
    return outsider?.linkedTo === undefined ? outsider : await accounts.find(outsider.linkedTo);
  }
  // What can't be registered is nobody's, and may be too much for a key.
  const ours = async () =>
    usernameProblem(name) === undefined ? await accounts.find(usernameKey(name)) : undefined;
  const others = () => accounts.findByShownName(name);
  return builtIn ? ((await ours()) ?? (await others())) : ((await others()) ?? (await ours()));
}
