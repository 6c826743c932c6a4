import type { Check, Differences, Group } from './check.ts';

export interface Result {
  group: string;
  check: string;
  outcome: 'passed' | 'failed' | 'not asked';
  ms: number;
  /** Why it failed, or was not asked. */
  why?: string;
}

const PATIENCE_MS = 30_000;

/**
 * Asks one check after the other, so that a failure is its own.
 *
 * @param onResult told of each as soon as it is known
 * @param differences what rests on these is not asked
 */
export async function runSuite<Subject>(
  subject: Subject,
  groups: readonly Group<Subject>[],
  onResult: (result: Result) => void,
  differences: Differences = new Map(),
): Promise<Result[]> {
  const results: Result[] = [];
  for (const { title, checks } of groups) {
    for (const check of checks) {
      const result = {
        group: title,
        check: check.name,
        ...(await ask(subject, check, differences)),
      };
      results.push(result);
      onResult(result);
    }
  }
  return results;
}

async function ask<Subject>(
  subject: Subject,
  check: Check<Subject>,
  differences: Differences,
): Promise<Pick<Result, 'outcome' | 'ms' | 'why'>> {
  const missing = check.needs?.find((trait) => differences.has(trait));
  if (missing) return { outcome: 'not asked', ms: 0, why: differences.get(missing) ?? missing };
  const start = performance.now();
  const took = () => Math.round(performance.now() - start);
  try {
    await inTime(() => check.run(subject), check.patienceMs ?? PATIENCE_MS);
    return { outcome: 'passed', ms: took() };
  } catch (error) {
    return { outcome: 'failed', ms: took(), why: String((error as Error)?.message ?? error) };
  }
}

/** What a socket's listener throws meanwhile ends no promise: it is the check's failure all the same. */
async function inTime(work: () => Promise<void>, ms: number): Promise<void> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No end after ${ms / 1_000} seconds.`)), ms);
  process.once('uncaughtException', reject);
  try {
    await Promise.race([work(), failed]);
  } finally {
    clearTimeout(timer);
    process.off('uncaughtException', reject);
  }
}
