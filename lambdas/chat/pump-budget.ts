import type { Clock } from './ports/clock.ts';
import type { Lease } from './ports/lease-store.ts';

/** How long a lease lasts unless renewed: if a pump dies, another may take over after this. */
export const LEASE_MS = 15_000;

/** A round of 100,000 members takes 20 s at 5,000 posts a second; its lease may last so long. */
export const LONGEST_LEASE_MS = 60_000;

/** How much of a room one holder pumps before it hands the lease on. */
export interface PumpBudget {
  rounds: number;
  /** Rooms with more connections are handed on before the first round. */
  members: number;
  /** No round but the first begins after this, in milliseconds since 1970. */
  deadline: number;
}

/**
 * What a sender's own function may pump before it answers: one round in a small room. Larger and
 * busier ones are the fanout function's.
 */
export const inlineBudget = (clock: Clock): PumpBudget => ({
  rounds: 1,
  members: 200,
  deadline: clock.now() + 2_000,
});

/**
 * What the fanout function may pump: until so little time is left that a round might not end.
 *
 * @param remainingMs how long the function may run yet
 */
export const relayBudget = (clock: Clock, remainingMs: number): PumpBudget => ({
  rounds: Number.POSITIVE_INFINITY,
  members: Number.POSITIVE_INFINITY,
  deadline: clock.now() + remainingMs - LONGEST_LEASE_MS,
});

/** Time alone never hands on before the first round: two workers could go on for ever doing that. */
export function isSpent(budget: PumpBudget, lease: Lease, rounds: number, now: number): boolean {
  const late = rounds > 0 && now >= budget.deadline;
  return rounds >= budget.rounds || lease.members > budget.members || late;
}
