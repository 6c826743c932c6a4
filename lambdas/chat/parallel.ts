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
  const queue = toGenerator(items);

  async function worker(): Promise<void> {
    for await (const item of shared(queue)) {
      await job(item).catch((failure: unknown) => failures.push(failure));
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: width }, worker));
  for (const ended of workers) if (ended.status === 'rejected') failures.push(ended.reason);
  if (failures.length > 0) throw failures[0];
}

async function* toGenerator<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** Lets several loops draw from one generator: a loop that ends doesn't end it for the others. */
function shared<T>(generator: AsyncGenerator<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => ({ next: () => generator.next() }) };
}
