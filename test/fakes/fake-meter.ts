import type { Count, Measure, Meter } from '../../lambdas/chat/ports/meter.ts';

export interface FakeMeter extends Meter {
  /** The sum of what was counted, by name. */
  readonly counts: Partial<Record<Count, number>>;
  /** All that was measured, by name. */
  readonly measured: Partial<Record<Measure, number[]>>;
}

/** A meter whose notes can be looked at. */
export function fakeMeter(): FakeMeter {
  const counts: Partial<Record<Count, number>> = {};
  const measured: Partial<Record<Measure, number[]>> = {};
  return {
    counts,
    measured,
    count(name, by = 1) {
      counts[name] = (counts[name] ?? 0) + by;
    },
    measure(name, value) {
      measured[name] = [...(measured[name] ?? []), value];
    },
  };
}
