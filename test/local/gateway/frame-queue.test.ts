import { expect, test } from '@jest/globals';
import { FrameQueue } from '../../../local/gateway/frame-queue.ts';

/** Frames that end when they are told to. */
function queueOf(framesAtWork: number, framesWaiting = 100) {
  const valve: string[] = [];
  const queue = new FrameQueue(
    { framesAtWork, framesWaiting },
    {
      pause: () => void valve.push('pause'),
      resume: () => void valve.push('resume'),
    },
  );
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const add = (frame: number) =>
    queue.during(() => {
      begun.push(frame);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  return { queue, valve, begun, ends, add };
}

const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

test('as many frames are at work as may, and the others go one by one, in order', async () => {
  const { begun, ends, add } = queueOf(2);
  const all = [1, 2, 3, 4].map(add);
  expect(begun).toEqual([1, 2]);
  ends.shift()?.();
  await turns();
  expect(begun).toEqual([1, 2]);
  ends.shift()?.();
  await turns();
  expect(begun).toEqual([1, 2, 3]);
  while (begun.length < 4 || ends.length > 0) {
    ends.shift()?.();
    await turns();
  }
  await Promise.all(all);
  expect(begun).toEqual([1, 2, 3, 4]);
});

test('nothing is read of the socket while frames wait', async () => {
  const { valve, ends, add } = queueOf(1);
  void add(1);
  expect(valve).toEqual([]);
  void add(2);
  void add(3);
  expect(valve).toEqual(['pause']);
  ends.shift()?.();
  await turns();
  expect(valve).toEqual(['pause']);
  ends.shift()?.();
  await turns();
  expect(valve).toEqual(['pause', 'resume']);
});

test('a frame that fails makes room like any other', async () => {
  const { queue, begun, ends, add } = queueOf(1);
  const failed = queue.during(() => Promise.reject(new Error('No.')));
  const next = add(1);
  await expect(failed).rejects.toThrow('No.');
  await turns();
  expect(begun).toEqual([1]);
  ends.shift()?.();
  await next;
});

test('of what had been read, so much waits, and more is refused', async () => {
  const { begun, ends, add } = queueOf(1, 1);
  const first = add(1);
  const second = add(2);
  await expect(add(3)).rejects.toMatchObject({ refusal: 'caller' });
  ends.shift()?.();
  await first;
  await turns();
  ends.shift()?.();
  await second;
  expect(begun).toEqual([1, 2]);
});
