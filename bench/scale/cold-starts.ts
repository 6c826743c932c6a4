import { type Load, loadOf } from './load.ts';
import { MEASURED } from './measured.ts';

/** So many seconds without work an environment of Lambda is kept, about; AWS promises nothing. */
const KEPT_SECONDS = 6 * 60;

/**
 * The least share of invocations that begin with a cold start, however many there are: "under 1 %" in
 * AWS's own words of August 2025, when it began to bill them.
 */
const LEAST = 0.01;

/** Invocations of one function in a month. */
export interface Invoked {
  invocations: number;
  /** GB. */
  memory: number;
  /** Secrets that it reads when it starts. */
  secrets: number;
  /** Hours in a day in which it is called. Default: that of people. */
  hours?: number;
}

export interface ColdStarts {
  initGbSeconds: number;
  secretReads: number;
}

/**
 * What it takes to start functions. One that is called at random finds no environment as often as
 * nobody called it for as long as one is kept.
 */
export function coldStartsOf(load: Load, functions: readonly Invoked[]): ColdStarts {
  const starts = functions.map((each) => {
    const { invocations, memory, secrets, hours = loadOf(load).hoursPerDay } = each;
    const perSecond = invocations / (30 * hours * 3_600);
    const count = invocations * Math.max(LEAST, Math.exp(-perSecond * KEPT_SECONDS));
    return {
      initGbSeconds: (count * memory * MEASURED.initMs) / 1_000,
      secretReads: count * secrets,
    };
  });
  const sum = (of: keyof ColdStarts) => starts.reduce((total, each) => total + each[of], 0);
  return { initGbSeconds: sum('initGbSeconds'), secretReads: sum('secretReads') };
}
