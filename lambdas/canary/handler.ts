import type { AccountStore } from '../chat/ports/account-store.ts';
import type { Clock } from '../chat/ports/clock.ts';
import type { Measure } from '../chat/ports/meter.ts';
import type { PasswordHasher } from '../chat/ports/password.ts';
import { journaled } from '../edge/journal.ts';
import type { Observed } from '../edge/observed.ts';
import { shell } from '../edge/shell.ts';
import { STEPS, type Step, type Timings } from './stopwatch.ts';
import { type Address, talk } from './talk.ts';
import { byPassword, bySignature, identityOf, type WayIn } from './way-in.ts';

export interface CanaryServices extends Observed {
  address: Address;
  /** Whether the chat has accounts of its own; else it takes the canary's own tokens. */
  hasAccounts: boolean;
  /** The canary's: password, or what signs its tokens. */
  readSecret(): Promise<string>;
  accounts: Pick<AccountStore, 'create'>;
  hasher: Pick<PasswordHasher, 'hash'>;
  clock: Pick<Clock, 'now'>;
  /** Default: 10,000. */
  patienceMs?: number;
}

const MEASURED: Record<Step, Measure> = {
  logIn: 'CanaryLogin',
  connect: 'CanaryConnect',
  acknowledge: 'CanaryAck',
  deliver: 'CanaryDelivery',
  history: 'CanaryHistory',
};

/** The canary function, called every five minutes. Fails when the chat does. */
export function canaryHandler(services: CanaryServices) {
  return shell<unknown, Timings>(services).handler(() =>
    journaled(services, 'canary', {}, async () => {
      const { address, patienceMs, meter } = services;
      const secret = await services.readSecret();
      const { room } = identityOf(secret);
      const timings = await talk({ address, room, wayIn: wayInOf(services, secret), patienceMs });
      for (const step of STEPS) meter.measure(MEASURED[step], timings[step]);
      return timings;
    }),
  );
}

const wayInOf = (services: CanaryServices, secret: string): WayIn =>
  services.hasAccounts
    ? byPassword({ ...services, url: services.address.url, secret })
    : bySignature({ ...services, secret });
