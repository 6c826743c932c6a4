import { ParlorError } from '../../protocol/errors.ts';
import type { Account, AccountStore } from './ports/account-store.ts';
import type { Clock } from './ports/clock.ts';
import type { LookAlikes } from './ports/look-alikes.ts';

export interface LookAlikePorts {
  accounts: AccountStore;
  looks: LookAlikes;
  clock: Clock;
}

/**
 * Claims what a name looks like, for its account: each look is one account's, by a conditional
 * write. What is claimed already stays as it is.
 *
 * @returns whether every look was free, or the account's own. Where not, what was claimed besides
 *   is free again in ten minutes, unless the account is made
 */
export async function claimLooks(
  { accounts, looks, clock }: LookAlikePorts,
  { id, username }: Pick<Account, 'id' | 'username'>,
): Promise<'claimed' | 'taken'> {
  let outcome: 'claimed' | 'taken' = 'claimed';
  for (const look of await looks.of(username)) {
    // An account from before there were claims is still known by its id.
    const elder = look !== id && (await accounts.find(look)) !== undefined;
    const claim = elder ? 'taken' : await accounts.claimLook(look, id, clock.now());
    if (claim === 'taken') outcome = 'taken';
  }
  return outcome;
}

/** @throws ParlorError `username_look_alike` */
export async function refuseLookAlike(
  ports: LookAlikePorts,
  account: Pick<Account, 'id' | 'username'>,
): Promise<void> {
  if ((await claimLooks(ports, account)) === 'claimed') return;
  const sentence = 'A user with a name that looks the same already exists. Choose another one.';
  throw new ParlorError('username_look_alike', sentence, { fields: { username: [sentence] } });
}
