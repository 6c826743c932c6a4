/** What the canary does, in this order. */
export const STEPS = ['logIn', 'connect', 'acknowledge', 'deliver', 'history'] as const;
export type Step = (typeof STEPS)[number];

/** Milliseconds of each step. */
export type Timings = Record<Step, number>;

const PATIENCE_MS = 10_000;

/** What fails, in the words of who is on call. */
const FAILED: Record<Step, string> = {
  logIn: 'It could not log in',
  connect: 'It could not open its sockets and enter its room',
  acknowledge: 'What it said was not acknowledged',
  deliver: 'What it said was not delivered to its other socket',
  history: 'What it said does not stand in the history as it was heard',
};

/** A step that failed, or took longer than anybody waits. */
export class CanaryError extends Error {
  override readonly name = 'CanaryError';
  readonly step: Step;

  /** @param why in a sentence */
  constructor(step: Step, why: string, options?: ErrorOptions) {
    super(`${FAILED[step]} (${step}): ${why}`, options);
    this.step = step;
  }
}

export type Stopwatch = ReturnType<typeof stopwatch>;

/** Measures steps, and ends those that take too long. Times are milliseconds. */
export function stopwatch(patienceMs = PATIENCE_MS) {
  const timings: Timings = { logIn: 0, connect: 0, acknowledge: 0, deliver: 0, history: 0 };
  return {
    timings,

    /**
     * @param trouble what a step that tries again and again has met so far
     * @throws CanaryError when the step fails or takes longer than patience
     */
    async time<Result>(
      step: Step,
      take: () => Promise<Result>,
      trouble: () => unknown = () => undefined,
    ): Promise<Result> {
      const start = performance.now();
      const over = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        const cause = trouble();
        const met = cause === undefined ? '' : ` ${wordsOf(cause)}`;
        over.reject(new CanaryError(step, `not within ${patienceMs} ms.${met}`, { cause }));
      }, patienceMs);
      try {
        const result = await Promise.race([take(), over.promise]);
        timings[step] = performance.now() - start;
        return result;
      } catch (error) {
        throw error instanceof CanaryError
          ? error
          : new CanaryError(step, wordsOf(error), { cause: error });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
