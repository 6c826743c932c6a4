import type { Account } from '../chat/ports/account-store.ts';
import type { Random } from '../chat/ports/clock.ts';
import type { Device, Tokens } from './tokens.ts';

/**
 * Devices that have logged in before, by a token that says so and opens nothing. An attack on a name
 * keeps strangers waiting; its owner shows the token and is let in.
 */
export interface DevicePorts {
  tokens: Pick<Tokens, 'device' | 'recognize'>;
  random: Pick<Random, 'id'>;
}

/**
 * The device that shows a token, if it has logged in to an account since that had a new password.
 *
 * @param find looked up only where a token of this account is shown
 */
export async function knownDevice(
  { tokens }: Pick<DevicePorts, 'tokens'>,
  shown: string | null | undefined,
  userId: string,
  find: () => Promise<Account | undefined>,
): Promise<string | undefined> {
  const device = shown ? await tokens.recognize(shown) : undefined;
  if (device?.userId !== userId) return undefined;
  // A thief may have made devices of his own, as many as he liked, while he knew the password.
  return device.epoch === ((await find())?.loginEpoch ?? 0) ? device.id : undefined;
}

/** The token by which a device is known from now on: the same device, where it was known already. */
export async function deviceToken(
  { tokens, random }: DevicePorts,
  account: Account,
  known: string | undefined,
): Promise<string> {
  const device: Device = {
    userId: account.id,
    id: known ?? random.id(),
    epoch: account.loginEpoch ?? 0,
  };
  return await tokens.device(device);
}
