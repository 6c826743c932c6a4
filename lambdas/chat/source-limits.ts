import { ParlorError } from '../../protocol/errors.ts';
import type { Clock } from './ports/clock.ts';
import type { Budget, SourceBudget } from './ports/source-budget.ts';

/**
 * What one network may do, whoever it is and whatever the names: each costs most of a second of a
 * processor. A school behind one address comes in at once, a program that guesses doesn't get far.
 */
const BUDGETS = {
  login: { burst: 60, perSecond: 1 },
  registration: { burst: 60, perSecond: 1 / 30 },
} as const satisfies Record<string, Budget>;

export interface SourceLimitPorts {
  sources: SourceBudget;
  clock: Clock;
}

/**
 * Counts a login or registration by where it comes from, before a password is hashed.
 *
 * @throws ParlorError `rate_limited`
 */
export async function countBySource(
  { sources, clock }: SourceLimitPorts,
  network: string,
  kind: keyof typeof BUDGETS,
): Promise<void> {
  const budget = BUDGETS[kind];
  if ((await sources.take(network, kind, budget, clock.now())) === 'taken') return;
  throw tooMany(1 / budget.perSecond);
}

/** @param seconds after which another attempt makes sense */
export const tooMany = (seconds: number): ParlorError =>
  new ParlorError(
    'rate_limited',
    `Request was throttled. Expected available in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { retryAfter: seconds },
  );
