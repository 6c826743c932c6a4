import { describe, expect, test } from '@jest/globals';
import { AWS_LIMITS } from '../../../local/gateway/gateway-limits.ts';
import { type Claim, type WorkLimits, WorkQueue } from '../../../local/gateway/work-queue.ts';

const turns = async () => {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
};

/** Work that ends when it is told to, on a clock that stands still until it is moved. */
class Office {
  now = 0;
  readonly begun: string[] = [];
  readonly refused: string[] = [];
  readonly queue: WorkQueue;
  readonly #ends = new Map<string, () => void>();

  constructor(limits: Partial<WorkLimits> = {}) {
    this.queue = new WorkQueue({ ...AWS_LIMITS, ...limits }, () => this.now);
  }

  /** @param name the caller's first, such as `alice 1` */
  async bring(name: string, claim: Partial<Claim> = {}): Promise<void> {
    const [caller = ''] = name.split(' ');
    const work = () => {
      this.begun.push(name);
      return new Promise<void>((resolve) => this.#ends.set(name, resolve));
    };
    this.queue
      .during({ caller, ...claim }, work)
      .catch(({ refusal }) => this.refused.push(`${name}: ${refusal}`));
    await turns();
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    await turns();
  }
}

describe('the work queue', () => {
  test('serves callers in turn: who brings one waits for one of who floods', async () => {
    const office = new Office({ workAtOnce: 1 });
    for (const n of [1, 2, 3, 4]) await office.bring(`flood ${n}`);
    await office.bring('bystander 1');
    await office.end('flood 1');
    await office.end('flood 2');
    expect(office.begun).toEqual(['flood 1', 'flood 2', 'bystander 1']);
    await office.end('bystander 1');
    await office.end('flood 3');
    expect(office.begun.slice(3)).toEqual(['flood 3', 'flood 4']);
  });

  test('lets one caller do a few things at once, and more of them one after the other', async () => {
    const office = new Office({ workOfCaller: 2 });
    for (const n of [1, 2, 3, 4]) await office.bring(`alice ${n}`);
    expect(office.begun).toEqual(['alice 1', 'alice 2']);
    await office.end('alice 1');
    expect(office.begun).toHaveLength(2);
    await office.end('alice 2');
    expect(office.begun).toEqual(['alice 1', 'alice 2', 'alice 3']);
    await office.bring('bob 1');
    expect(office.begun.at(-1)).toBe('bob 1');
  });

  test('lets so many into one place, while others go elsewhere', async () => {
    const office = new Office({ workInPlace: 1 });
    await office.bring('alice 1', { place: 'hall' });
    await office.bring('bob 1', { place: 'hall' });
    await office.bring('bob 2', { place: 'attic' });
    expect(office.begun).toEqual(['alice 1', 'bob 2']);
    await office.end('bob 2');
    expect(office.begun).toHaveLength(2);
    await office.end('alice 1');
    expect(office.begun.at(-1)).toBe('bob 1');
  });

  test('lets one at a time into a place that has more than enough to do', async () => {
    const office = new Office();
    for (const name of ['alice 1', 'bob 1']) await office.bring(name, { place: 'hall' });
    expect(office.begun).toHaveLength(2);
    await office.bring('carol 1', { place: 'hall', crowded: true });
    await office.end('alice 1');
    expect(office.begun).toHaveLength(2);
    await office.end('bob 1');
    expect(office.begun.at(-1)).toBe('carol 1');
  });

  test('refuses what one caller brings too much of, and nobody else for it', async () => {
    const office = new Office({ workAtOnce: 1, waitingOfCaller: 2 });
    for (const n of [1, 2, 3, 4]) await office.bring(`flood ${n}`);
    await office.bring('bystander 1');
    expect(office.refused).toEqual(['flood 4: caller']);
    await office.end('flood 1');
    await office.end('flood 2');
    expect(office.begun.at(-1)).toBe('bystander 1');
  });

  test.each([
    { limits: { waitingInAll: 2 }, claim: {} },
    { limits: { waitingInPlace: 2 }, claim: { place: 'hall' } },
  ])(
    'when it is full, who has most there makes room for who has nothing: $limits',
    async ({ limits, claim }) => {
      const office = new Office({ workAtOnce: 1, ...limits });
      for (const n of [1, 2, 3, 4]) await office.bring(`flood ${n}`, claim);
      expect(office.refused).toEqual(['flood 4: full']);
      await office.bring('bystander 1', claim);
      expect(office.refused.slice(1)).toEqual(['flood 3: caller']);
      await office.bring('another 1', claim);
      expect(office.refused.slice(2)).toEqual(['another 1: full']);
    },
  );

  test('refuses whoever comes while turns take too long, and nobody once that has passed', async () => {
    const office = new Office({ workAtOnce: 1, longestWaitSeconds: 4 });
    for (const caller of ['a', 'b', 'c']) await office.bring(`${caller} 1`);
    office.now = 3_000;
    await office.end('a 1');
    await office.bring('d 1');
    expect(office.refused).toEqual(['d 1: full']);
    await office.end('b 1');
    await office.end('c 1');
    await office.bring('d 2');
    await office.bring('e 1');
    await office.end('d 2');
    expect(office.begun.slice(-2)).toEqual(['d 2', 'e 1']);
    expect(office.refused).toHaveLength(1);
  });

  test('a place that was full takes work again when the load has ended', async () => {
    const office = new Office({ workInPlace: 1, longestWaitSeconds: 4 });
    const claim = { place: 'hall' };
    for (const caller of ['a', 'b']) await office.bring(`${caller} 1`, claim);
    office.now = 3_000;
    await office.end('a 1');
    await office.bring('c 1', claim);
    await office.bring('c 2', claim);
    expect(office.refused).toEqual([]);
    office.now = 6_000;
    await office.end('b 1');
    await office.bring('d 1', claim);
    expect(office.refused).toEqual(['d 1: full']);
    for (const name of ['c 1', 'c 2']) await office.end(name);
    await office.bring('d 2', claim);
    await office.bring('e 1', claim);
    expect(office.refused).toHaveLength(1);
    await office.end('d 2');
    expect(office.begun.at(-1)).toBe('e 1');
  });

  test('does not begin what has waited too long, unless nobody could bring it again', async () => {
    const office = new Office({ workAtOnce: 1, longestWaitSeconds: 4 });
    await office.bring('alice 1');
    await office.bring('bob 1');
    await office.bring('carol 1', { patient: true });
    office.now = 5_000;
    await office.end('alice 1');
    expect(office.refused).toEqual(['bob 1: full']);
    expect(office.begun).toEqual(['alice 1', 'carol 1']);
  });

  test('says that a caller is too much for himself, not that all is full', async () => {
    const office = new Office({ workOfCaller: 1, longestWaitSeconds: 4 });
    for (const n of [1, 2]) await office.bring(`alice ${n}`);
    office.now = 3_000;
    await office.bring('alice 3');
    expect(office.refused).toEqual(['alice 3: caller']);
  });

  test('refuses nobody because somebody waits for work of his own', async () => {
    const office = new Office({ workInPlace: 1, longestWaitSeconds: 4 });
    const claim = { place: 'hall' };
    for (const n of [1, 2, 3]) await office.bring(`alice ${n}`, claim);
    office.now = 3_000;
    await office.end('alice 1');
    await office.bring('bob 1', claim);
    expect(office.refused).toEqual([]);
  });

  test('tells a caller whose work waited behind his own that it is he', async () => {
    const office = new Office({ workOfCaller: 1, longestWaitSeconds: 4 });
    for (const n of [1, 2]) await office.bring(`alice ${n}`);
    office.now = 5_000;
    await office.end('alice 1');
    expect(office.refused).toEqual(['alice 2: caller']);
  });

  test('work that fails makes room like any other', async () => {
    const { queue } = new Office({ workAtOnce: 1 });
    const failed = queue.during({ caller: 'alice' }, () => Promise.reject(new Error('No.')));
    const next = queue.during({ caller: 'bob' }, async () => 'done');
    await expect(failed).rejects.toThrow('No.');
    expect(await next).toBe('done');
  });
});
