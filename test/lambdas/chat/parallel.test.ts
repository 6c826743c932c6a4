import { describe, expect, test } from '@jest/globals';
import { allEnded, forEachParallel, mapParallel } from '../../../lambdas/chat/parallel.ts';
import { turn } from '../../fakes/fake-clock.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A job that takes a while, and what was seen of it. */
function watchedJob(fails: (item: number) => boolean = () => false) {
  const seen = { ended: [] as number[], underWay: 0, mostAtOnce: 0 };
  const job = async (item: number) => {
    seen.underWay++;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.underWay);
    for (let turns = item % 3; turns >= 0; turns--) await turn();
    seen.underWay--;
    if (fails(item)) throw new Error(`Job ${item} failed.`);
    seen.ended.push(item);
  };
  return { seen, job };
}

describe('jobs with results', () => {
  test('give them in the order of the items, however long each takes', async () => {
    const { seen, job } = watchedJob();
    const results = await mapParallel(numbers(20), 4, async (item) => {
      await job(item);
      return item * 10;
    });
    expect(results).toEqual(numbers(20).map((item) => item * 10));
    expect(seen.ended).not.toEqual(numbers(20));
    expect(seen.mostAtOnce).toBe(4);
  });

  test('have all ended when one of them fails', async () => {
    const { seen, job } = watchedJob((item) => item === 1);
    await expect(mapParallel(numbers(9), 3, job)).rejects.toThrow('Job 1 failed.');
    expect(seen.underWay).toBe(0);
    expect(seen.ended).toHaveLength(8);
  });
});

describe('jobs in parallel', () => {
  test('run once for each item, so many at a time', async () => {
    const { seen, job } = watchedJob();
    await forEachParallel(numbers(50), 7, job);
    expect(seen.ended.sort((a, b) => a - b)).toEqual(numbers(50));
    expect(seen).toMatchObject({ mostAtOnce: 7, underWay: 0 });
  });

  test('take an asynchronous source, and none at all', async () => {
    const { seen, job } = watchedJob();
    async function* source() {
      for (const number of numbers(5)) {
        await turn();
        yield number;
      }
    }
    await forEachParallel(source(), 10, job);
    await forEachParallel([], 10, job);
    expect(seen.ended.sort()).toEqual(numbers(5));
  });

  test('all end although one fails, and then the failure is thrown', async () => {
    const { seen, job } = watchedJob((item) => item === 0 || item === 9);
    await expect(forEachParallel(numbers(20), 2, job)).rejects.toThrow('Job 0 failed.');
    expect(seen.ended.sort((a, b) => a - b)).toEqual(numbers(20).filter((n) => n !== 0 && n !== 9));
  });

  test('all end before a failure of the source is thrown', async () => {
    const { seen, job } = watchedJob();
    async function* source() {
      yield* [2, 5, 8];
      throw new Error('The source broke.');
    }
    await expect(forEachParallel(source(), 2, job)).rejects.toThrow('The source broke.');
    expect(seen).toMatchObject({ underWay: 0, ended: expect.arrayContaining([2, 5, 8]) });
  });
});

describe('all that was started together', () => {
  test('has ended with its results in order', async () => {
    const late = turn().then(() => 'late');
    expect(await allEnded([late, 1, Promise.resolve('early')])).toEqual(['late', 1, 'early']);
    expect(await allEnded([])).toEqual([]);
  });

  test('has ended when the first failure is thrown', async () => {
    let ended = 0;
    const ends = async (turns: number, failure?: string) => {
      for (let left = turns; left > 0; left--) await turn();
      ended++;
      if (failure) throw new Error(failure);
    };
    const all = allEnded([ends(3), ends(2, 'The one in the middle.'), ends(1, 'The last.')]);
    await expect(all).rejects.toThrow('The one in the middle.');
    expect(ended).toBe(3);
  });
});
