import type { Platform } from './options.ts';

/**
 * What an answer is, if it comes in time.
 *
 * @throws Error when it takes longer than `ms`, or what it failed with
 */
export function within<T>(platform: Platform, ms: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = platform.after(ms, () => reject(new Error(`No answer in ${ms} ms.`)));
    answer.then(resolve, reject).finally(cancel);
  });
}
