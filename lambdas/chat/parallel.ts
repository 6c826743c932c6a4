/**
 * Runs a job for each item, at most `width` at a time, and returns when all have ended, also when
 * some fail: on Lambda, what is still running after the handler's return is frozen.
 *
 * @throws the first failure, after everything has ended; a failed job keeps no other from running
 */
export async function forEachParallel<T>(
  items: AsyncIterable<T> | Iterable<T>,
  width: number,
  job: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const fail = (failure: unknown) => void failures.push(failure);
  const queue = toGenerator(items);
  const workers: Promise<void>[] = [];

  /** A worker that has got an item calls the next one: few items take few workers. */
  async function work(): Promise<void> {
    for (let first = true; ; first = false) {
      const { done, value } = await queue.next();
      if (done) return;
      if (first && workers.length < width) workers.push(work().catch(fail));
      await job(value).catch(fail);
    }
  }
  workers.push(work().catch(fail));
  // It grows while it is walked.
  for (const worker of workers) await worker;
  if (failures.length > 0) throw failures[0];
}

/** The same for jobs with results, which come in the order of the items. */
export async function mapParallel<T, Result>(
  items: readonly T[],
  width: number,
  job: (item: T) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  await forEachParallel(items.entries(), width, async ([index, item]) => {
    results[index] = await job(item);
  });
  return results;
}

async function* toGenerator<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/**
 * Promise.all that returns when all have ended, also when some fail.
 *
 * @throws the first failure, after everything has ended
 */
export async function allEnded<const Results extends readonly unknown[]>(
  running: Results,
): Promise<{ -readonly [Index in keyof Results]: Awaited<Results[Index]> }> {
  // What failed is thrown by the next line.
  await Promise.allSettled(running);
  return await Promise.all(running);
}
