import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filledIn } from '../../lambdas/chat/counters.ts';
import type { Lease, LeaseStore, Progress } from '../../lambdas/chat/ports/lease-store.ts';
import { anEnd } from '../fakes/samples.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 54, 1, 947);
const UNTIL = NOW + 15_000;
const LATER = UNTIL + 15_000;

const progress = (given: Partial<Progress> = {}): Progress => ({
  pumped: 0,
  counters: filledIn(given.pumped ?? 0, {}),
  drained: 0,
  shards: 1,
  members: 0,
  ...given,
});

/** @param open an empty store for each test */
export function leaseStoreContract(name: string, open: () => Promise<LeaseStore>): void {
  describe(`a lease store ${name}`, () => {
    taking(open);
    marking(open);
    claiming(open);
    advancing(open);
    releasing(open);
    manyAtOnce(open);

    test('keeps in mind how far a log had grown, and never less', async () => {
      const store = await open();
      expect(await store.find('lobby')).toMatchObject({ head: anEnd(0) });
      await store.noteHead('lobby', anEnd(9));
      await store.noteHead('lobby', anEnd(7));
      expect(await store.find('lobby')).toMatchObject({ head: anEnd(9), pumped: 0, owner: '' });
      const lease = await heldBy(store, 'a');
      expect(lease).toMatchObject({ head: anEnd(9) });
      await store.noteHead('lobby', anEnd(12));
      expect(await store.release(lease, progress({ pumped: 3 }))).toBe('released');
      expect(await store.find('lobby')).toMatchObject({ head: anEnd(12), pumped: 3 });
    });

    test('keeps what the events counted that it names', async () => {
      const store = await open();
      const [counters, atHead] = [
        { n: 3, m: 3, p: 2, g: 1 },
        { n: 8, m: 8, p: 7, g: 2 },
      ];
      await store.noteHead('lobby', { seq: 9, ...atHead });
      const lease = await heldBy(store, 'a');
      const far = progress({ pumped: 5, counters });
      expect(await store.advance(lease, far, LATER)).toMatchObject({ pumped: 5, counters });
      const reached = { counters, head: { seq: 9, ...atHead } };
      expect(await store.find('lobby')).toMatchObject(reached);
      expect(await store.release(lease, far)).toBe('released');
      expect(await store.find('lobby')).toMatchObject(reached);
    });

    test('keeps rooms apart, whatever they are called', async () => {
      const store = await open();
      for (const [index, room] of HOSTILE_NAMES.entries()) {
        const lease = held(await store.take(room, `owner-${index}`, NOW, UNTIL, true));
        expect(lease).toMatchObject({ room, owner: `owner-${index}`, drafts: 1, pumped: 0 });
        await store.advance(lease, progress({ pumped: index + 1, shards: index + 1 }), UNTIL);
      }
      for (const [index, room] of HOSTILE_NAMES.entries()) {
        expect(await store.find(room)).toMatchObject({ pumped: index + 1, drafts: 1 });
        expect(await store.shards(room)).toBe(index + 1);
      }
    });
  });
}

type Open = () => Promise<LeaseStore>;

/** @throws what was answered, if it is no lease */
function held(answer: Lease | 'held' | 'lost'): Lease {
  if (typeof answer === 'string') throw new Error(answer);
  return answer;
}

async function heldBy(store: LeaseStore, owner: string): Promise<Lease> {
  return held(await store.take('lobby', owner, NOW, UNTIL, false));
}

function taking(open: Open): void {
  test('knows nothing of a room that was never pumped, which has one shard', async () => {
    const store = await open();
    expect(await store.find('lobby')).toMatchObject({
      pumped: 0,
      shards: 1,
      drafts: 0,
      drained: 0,
    });
    expect(await store.shards('lobby')).toBe(1);
  });

  test('gives a lease that nobody holds', async () => {
    const store = await open();
    expect(await store.take('lobby', 'a', NOW, UNTIL, false)).toEqual({
      room: 'lobby',
      owner: 'a',
      until: UNTIL,
      pumped: 0,
      folded: 0,
      wanted: 0,
      drafts: 0,
      drained: 0,
      shards: 1,
      members: 0,
      counters: filledIn(0, {}),
      head: anEnd(0),
    });
  });

  test('gives it to nobody else until it has run out, to the millisecond', async () => {
    const store = await open();
    await heldBy(store, 'a');
    expect(await store.take('lobby', 'b', UNTIL - 1, LATER, false)).toBe('held');
    expect(await store.take('lobby', 'b', UNTIL, LATER, false)).toMatchObject({
      owner: 'b',
      until: LATER,
    });
    expect(await store.take('lobby', 'a', UNTIL, LATER, false)).toBe('held');
  });

  test('answers a taking that is tried again like the first', async () => {
    const store = await open();
    const first = await heldBy(store, 'a');
    expect(await store.take('lobby', 'a', NOW, UNTIL, false)).toEqual(first);
  });

  test('tells the next holder how far the room is', async () => {
    const store = await open();
    const far = progress({ pumped: 7, drained: 1, shards: 4, members: 2_345 });
    await store.advance(held(await store.take('lobby', 'a', NOW, UNTIL, true)), far, UNTIL);
    await store.mark('lobby', NOW, false);
    expect(await store.take('lobby', 'b', UNTIL, LATER, false)).toEqual({
      room: 'lobby',
      owner: 'b',
      until: LATER,
      wanted: 1,
      drafts: 1,
      head: anEnd(0),
      ...far,
      folded: far.pumped,
    });
  });

  test('counts a draft with the taking, and not when the lease is held', async () => {
    const store = await open();
    expect(await store.take('lobby', 'a', NOW, UNTIL, true)).toMatchObject({ drafts: 1 });
    expect(await store.take('lobby', 'b', NOW, UNTIL, true)).toBe('held');
    expect(await store.find('lobby')).toMatchObject({ drafts: 1, drained: 0 });
    expect(await store.take('lobby', 'b', UNTIL, LATER, true)).toMatchObject({ drafts: 2 });
  });
}

function marking(open: Open): void {
  test('marks a lease while it is held and has not run out', async () => {
    const store = await open();
    expect(await store.mark('lobby', NOW, true)).toBe('free');
    const lease = await heldBy(store, 'a');
    expect(await store.mark('lobby', UNTIL - 1, false)).toBe('marked');
    expect(await store.mark('lobby', UNTIL, true)).toBe('free');

    const again = held(await store.advance(lease, progress(), UNTIL));
    expect(again.wanted).toBe(1);
    expect(await store.release(again, progress())).toBe('released');
    expect(await store.mark('lobby', NOW, true)).toBe('free');
    expect(await store.find('lobby')).toMatchObject({ drafts: 0 });
  });

  test('counts marks, and drafts for themselves', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    for (const drafted of [true, false, true]) await store.mark('lobby', NOW, drafted);
    expect(await store.find('lobby')).toMatchObject({ drafts: 2, drained: 0 });
    const advanced = await store.advance(lease, progress({ drained: 1 }), UNTIL);
    expect(advanced).toMatchObject({ wanted: 3, drafts: 2, drained: 1 });
  });
}

function claiming(open: Open): void {
  test('gives a lease that was handed on to whoever claims it first, as it is', async () => {
    const store = await open();
    const far = progress({ pumped: 7, drained: 1, shards: 2, members: 1_500 });
    const lease = held(await store.advance(await heldBy(store, 'ticket'), far, UNTIL));
    expect(await store.claim('lobby', 'ticket', 'a', LATER)).toEqual({
      ...lease,
      owner: 'a',
      until: LATER,
    });
    expect(await store.claim('lobby', 'ticket', 'b', LATER)).toBe('lost');
    expect(await store.advance(lease, progress(), LATER)).toBe('lost');
    expect(await store.release(lease, progress())).toBe('lost');
    expect(await store.find('lobby')).toMatchObject({ pumped: 7, shards: 2 });
  });

  test('answers a claim that is tried again like the first', async () => {
    const store = await open();
    await heldBy(store, 'ticket');
    const first = await store.claim('lobby', 'ticket', 'a', LATER);
    expect(await store.claim('lobby', 'ticket', 'a', LATER)).toEqual(first);
  });

  test('gives nothing for a ticket that is not, or no longer, the owner', async () => {
    const store = await open();
    expect(await store.claim('lobby', 'ticket', 'a', LATER)).toBe('lost');
    expect(await store.claim('lobby', '', 'a', LATER)).toBe('lost');
    await store.release(await heldBy(store, 'ticket'), progress());
    expect(await store.claim('lobby', 'ticket', 'a', LATER)).toBe('lost');
    await heldBy(store, 'other');
    expect(await store.claim('lobby', 'ticket', 'a', LATER)).toBe('lost');
    expect(await store.take('lobby', 'b', NOW, UNTIL, false)).toBe('held');
  });

  test('keeps the marks of those who came between handing on and claiming', async () => {
    const store = await open();
    await heldBy(store, 'ticket');
    expect(await store.mark('lobby', NOW, true)).toBe('marked');
    const claimed = held(await store.claim('lobby', 'ticket', 'a', LATER));
    expect(claimed).toMatchObject({ wanted: 1, drafts: 1 });
    await store.mark('lobby', NOW, false);
    expect(await store.release(claimed, progress())).toBe('wanted');
  });
}

function advancing(open: Open): void {
  test('moves what was pumped and renews the lease', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    const far = progress({ pumped: 12, drained: 3, shards: 2, members: 1_001 });
    expect(await store.advance(lease, far, LATER)).toEqual({
      ...lease,
      ...far,
      folded: far.pumped,
      until: LATER,
    });
    expect(await store.find('lobby')).toMatchObject({ pumped: 12, drained: 3, shards: 2 });
    expect(await store.shards('lobby')).toBe(2);
    expect(await store.take('lobby', 'b', LATER - 1, LATER, false)).toBe('held');
  });

  test('is refused to whom the lease no longer belongs, and then writes nothing', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    const next = held(await store.take('lobby', 'b', UNTIL, LATER, false));
    await store.advance(next, progress({ pumped: 5 }), LATER);
    expect(await store.advance(lease, progress({ pumped: 3 }), LATER + 1)).toBe('lost');
    expect(await store.find('lobby')).toMatchObject({ pumped: 5 });
    expect(await store.mark('lobby', LATER, false)).toBe('free');
  });

  test('is good after the time, as long as nobody else has taken the lease', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    expect(await store.mark('lobby', UNTIL, false)).toBe('free');
    expect(await store.advance(lease, progress(), LATER)).toMatchObject({ until: LATER });
    expect(await store.mark('lobby', UNTIL, false)).toBe('marked');
  });
}

function releasing(open: Open): void {
  test('moves what was pumped and gives the lease up', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    const far = progress({ pumped: 9, drained: 2, shards: 2, members: 1_700 });
    expect(await store.release(lease, far)).toBe('released');
    expect(await store.take('lobby', 'b', NOW, UNTIL, false)).toMatchObject({ owner: 'b', ...far });
  });

  test('is refused after a mark, and writes nothing, until the holder has seen it', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    await store.mark('lobby', NOW, false);
    expect(await store.release(lease, progress({ pumped: 4 }))).toBe('wanted');
    expect(await store.find('lobby')).toMatchObject({ pumped: 0 });
    expect(await store.take('lobby', 'b', NOW, UNTIL, false)).toBe('held');

    const seen = held(await store.advance(lease, progress({ pumped: 4 }), UNTIL));
    expect(await store.release(seen, progress({ pumped: 5 }))).toBe('released');
    expect(await store.find('lobby')).toMatchObject({ pumped: 5 });
  });

  test('is refused to whom the lease no longer belongs, marked or not', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    const next = held(await store.take('lobby', 'b', UNTIL, LATER, false));
    expect(await store.release(lease, progress({ pumped: 4 }))).toBe('lost');
    await store.mark('lobby', UNTIL, false);
    expect(await store.release(lease, progress({ pumped: 4 }))).toBe('lost');
    expect(await store.find('lobby')).toMatchObject({ pumped: 0 });
    expect(await store.advance(next, progress(), LATER)).toMatchObject({ owner: 'b' });
  });

  test('twice writes nothing the second time', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    await store.release(lease, progress({ pumped: 4 }));
    expect(await store.release(lease, progress({ pumped: 2 }))).toBe('lost');
    expect(await store.find('lobby')).toMatchObject({ pumped: 4 });
  });
}

function manyAtOnce(open: Open): void {
  const indexes = Array.from({ length: 50 }, (_, index) => index);

  test('gives a lease to one of fifty who want it at once, twice', async () => {
    const store = await open();
    for (const now of [NOW, UNTIL]) {
      const answers = await Promise.all(
        indexes.map((n) => store.take('lobby', `${now} ${n}`, now, now + 15_000, false)),
      );
      const winners = answers.filter((answer) => answer !== 'held');
      expect(winners).toHaveLength(1);
      const winner = held(winners[0] ?? 'held');
      expect(await store.advance(winner, progress(), now + 15_000)).toMatchObject(winner);
    }
  });

  test('counts each of fifty marks that come at once', async () => {
    const store = await open();
    const lease = await heldBy(store, 'a');
    await Promise.all(indexes.map((n) => store.mark('lobby', NOW, n % 2 === 0)));
    const advanced = await store.advance(lease, progress(), UNTIL);
    expect(advanced).toMatchObject({ wanted: 50, drafts: 25 });
  });

  test('gives one of twenty who claim with the same ticket the lease', async () => {
    const store = await open();
    await heldBy(store, 'ticket');
    const answers = await Promise.all(
      indexes.slice(0, 20).map((n) => store.claim('lobby', 'ticket', `c${n}`, LATER)),
    );
    expect(answers.filter((answer) => answer !== 'lost')).toHaveLength(1);
  });

  test('loses no mark, in whatever order takes, marks and releases come', async () => {
    const store = await open();
    let rooms = 0;
    const property = fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 2, max: 5 }),
      async (scheduler, writers) => {
        rooms++;
        const room = roomWithPumps(store, `room-${rooms}`, () =>
          scheduler.schedule(Promise.resolve()),
        );
        const all = Promise.all(Array.from({ length: writers }, (_, n) => room.write(`w${n}`)));
        await scheduler.waitFor(all);
        expect(await store.find(`room-${rooms}`)).toMatchObject({ pumped: writers });
        const taken = await store.take(`room-${rooms}`, 'next', NOW, UNTIL, false);
        expect(taken).toMatchObject({ owner: 'next' });
      },
    );
    await fc.assert(property, { numRuns: 40 });
  }, 30_000);
}

/** Writers who pump as the protocol wants it. @param turn lets others come between */
function roomWithPumps(store: LeaseStore, room: string, turn: () => Promise<unknown>) {
  let head = 0;

  async function pump(taken: Lease): Promise<void> {
    for (let lease = taken; ; ) {
      const pumped = head;
      await turn();
      const answer = await store.release(lease, progress({ pumped }));
      if (answer === 'released') return;
      // The lease doesn't run out here, and nobody claims it.
      if (answer === 'lost') throw new Error('The lease was lost.');
      await turn();
      lease = held(await store.advance(lease, progress({ pumped }), UNTIL));
    }
  }

  return {
    async write(writer: string): Promise<void> {
      head++;
      for (let tries = 0; tries < 20; tries++) {
        await turn();
        const lease = await store.take(room, `${writer} ${tries}`, NOW, UNTIL, false);
        if (lease !== 'held') return await pump(lease);
        await turn();
        if ((await store.mark(room, NOW, false)) === 'marked') return;
      }
      throw new Error('The lease was neither free nor held.');
    },
  };
}
