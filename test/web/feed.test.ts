import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Feed } from '../../web/feed.ts';

const entries = (...seqs: number[]) => seqs.map((seq) => ({ seq }));
const seqs = (taken: { seq: number }[]) => taken.map(({ seq }) => seq);

describe('the feed', () => {
  test('holds everything until it knows where to start', () => {
    const feed = new Feed();
    expect(feed.add(entries(8, 6, 7, 3))).toEqual([]);
    expect(feed.hole).toBe(false);
    expect(seqs(feed.start(5))).toEqual([6, 7, 8]);
    expect(feed.upTo).toBe(8);
  });

  test('shows a hole until it is filled', () => {
    const feed = new Feed();
    feed.start(1);
    expect(feed.add(entries(3))).toEqual([]);
    expect(feed.hole).toBe(true);
    expect(seqs(feed.add(entries(2)))).toEqual([2, 3]);
    expect(feed.hole).toBe(false);
  });

  test('gives nothing twice', () => {
    const feed = new Feed();
    feed.start(0);
    expect(seqs(feed.add(entries(1, 2, 1)))).toEqual([1, 2]);
    expect(feed.add(entries(2, 1))).toEqual([]);
    expect(feed.hole).toBe(false);
  });

  test('gives each event once and in order, however they come', () => {
    const arrivals = fc.array(fc.array(fc.integer({ min: 1, max: 12 })));
    fc.assert(
      fc.property(arrivals, fc.nat(12), (batches, start) => {
        const feed = new Feed();
        const taken = [...feed.start(start)];
        const all = Array.from({ length: 12 }, (_, index) => index + 1);
        for (const batch of [...batches, all]) taken.push(...feed.add(entries(...batch)));
        expect(seqs(taken)).toEqual(all.slice(start));
      }),
    );
  });
});
