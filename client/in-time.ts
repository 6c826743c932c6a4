import type { Surroundings } from './options.ts';

/**
 * What an answer is, if it comes in `timing.answer`.
 *
 * @throws Error when it takes longer, or what it failed with
 */
export function inTime<T>({ platform, timing }: Surroundings, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`No answer in ${timing.answer} ms.`));
    const cancel = platform.after(timing.answer, late);
    answer.then(resolve, reject).finally(cancel);
  });
}
