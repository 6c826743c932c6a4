import { describe, expect, test } from '@jest/globals';
import { KINDS } from '../../../features/kinds.ts';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import {
  type Appended,
  type AppendPorts,
  append as appendOnce,
  type Crowded,
  type Draft,
} from '../../../lambdas/chat/append.ts';
import type { RoomEvent } from '../../../lambdas/chat/event.ts';
import type { EventLog } from '../../../lambdas/chat/ports/event-log.ts';
import { jsonBytes } from '../../../lambdas/chat/size.ts';
import { memoryTable } from '../../../local/database.ts';
import { CONTENT_BYTES, DUPLICATE_SEARCH_BYTES } from '../../../protocol/limits.ts';
import { fakeClock, START } from '../../fakes/fake-clock.ts';
import { fakeRandom } from '../../fakes/fake-random.ts';
import { anEnd, anEvent, said } from '../../fakes/samples.ts';
import { contested, type PutTrouble, unreliable } from '../../fakes/troubled-event-logs.ts';

const draft = (given: Partial<Draft> = {}): Draft => ({
  room: 'lobby',
  userId: 'alice',
  sender: 'Alice',
  ...said('hello'),
  ...given,
});

const portsOf = (log: EventLog) => ({
  log,
  kinds: KINDS,
  clock: fakeClock(),
  random: fakeRandom(),
});

const ATTEMPTS = 80;

/** Appends as a sender does whom nobody keeps from it for long. */
async function append(ports: AppendPorts, message: Draft): Promise<Appended> {
  const appended = await tryToAppend(ports, message);
  if ('event' in appended) return appended;
  throw new Error(`Every slot up to ${appended.searched} was taken.`);
}

const tryToAppend = (ports: AppendPorts, message: Draft): Promise<Appended | Crowded> =>
  appendOnce(ports, message, ports.random.id(), ATTEMPTS);

/** Ports to a log that holds events of somebody else's. */
async function portsTo(events: number): Promise<AppendPorts> {
  const log = dynamoEventLog(memoryTable());
  for (let seq = 1; seq <= events; seq++) await log.put(anEvent({ seq, userId: 'bob', at: seq }));
  return portsOf(log);
}

const all = (log: EventLog): Promise<RoomEvent[]> => log.readForward('lobby', 0, 10_000);

describe('a message that is appended', () => {
  test('stands at the end of its room, as it was sent', async () => {
    const ports = await portsTo(2);
    const appended = await append(ports, draft({ clientId: 'c', after: 2 }));
    expect(appended).toEqual({
      duplicate: false,
      event: {
        room: 'lobby',
        seq: 3,
        id: 'id-1',
        userId: 'alice',
        sender: 'Alice',
        clientId: 'c',
        ...said('hello'),
        at: START,
        ...{ n: 3, m: 3, p: 0, g: 0 },
      },
    });
    expect((await all(ports.log)).at(-1)).toEqual(appended.event);
  });

  test('gets a clientId of the server where the client has none', async () => {
    const ports = await portsTo(0);
    const [first, second] = [await append(ports, draft()), await append(ports, draft())];
    expect(first.event).toMatchObject({ seq: 1, id: 'id-1', clientId: 'id-1' });
    expect(second).toMatchObject({ duplicate: false, event: { seq: 2, clientId: 'id-2' } });
  });

  test('is never older than the one before it, whatever the clock says', async () => {
    const ports = portsOf(dynamoEventLog(memoryTable()));
    await ports.log.put(anEvent({ seq: 1, userId: 'bob', at: START + 5_000 }));
    expect((await append(ports, draft())).event.at).toBe(START + 5_000);
  });

  test('is never older than one that came between, either', async () => {
    const rival = (seq: number) => anEvent({ seq, userId: 'bob', at: START + 60_000 });
    const ports = portsOf(contested(dynamoEventLog(memoryTable()), rival, 1));
    expect((await append(ports, draft())).event).toMatchObject({ seq: 2, at: START + 60_000 });
  });
});

describe('a retry', () => {
  test.each([0, 1, 2])('with after %i gets the original back', async (after) => {
    const ports = await portsTo(2);
    const first = await append(ports, draft({ clientId: 'c', after: 2 }));
    for (const seq of [4, 5]) await ports.log.put(anEvent({ seq, userId: 'bob' }));
    const retry = await append(ports, draft({ clientId: 'c', after }));
    expect(retry).toEqual({ event: first.event, duplicate: true });
    expect(await all(ports.log)).toHaveLength(5);
  });

  test('without after gets the original back', async () => {
    const ports = await portsTo(2);
    const first = await append(ports, draft({ clientId: 'c' }));
    const retry = await append(ports, draft({ clientId: 'c' }));
    expect(retry).toEqual({ event: first.event, duplicate: true });
  });

  test('with other content is refused', async () => {
    const ports = await portsTo(0);
    await append(ports, draft({ clientId: 'c', after: 0 }));
    const retry = append(ports, draft({ clientId: 'c', after: 0, ...said('other') }));
    await expect(retry).rejects.toMatchObject({ code: 'client_id_reused' });
    expect(await all(ports.log)).toHaveLength(1);
  });

  test('of another kind with the same clientId is refused', async () => {
    const ports = await portsTo(0);
    await append(ports, draft({ clientId: 'c', after: 0 }));
    const retry = append(ports, draft({ clientId: 'c', after: 0, type: 'unheard' }));
    await expect(retry).rejects.toMatchObject({ code: 'client_id_reused' });
  });

  test('says the same, whatever the order of its members', async () => {
    const ports = await portsTo(0);
    const sent = draft({ clientId: 'c', after: 0, type: 'unheard' });
    await append(ports, { ...sent, payload: { a: { x: 1, y: [2, 3] }, b: 4 } });
    const retry = { ...sent, payload: { b: 4, a: { y: [2, 3], x: 1 } } };
    expect(await append(ports, retry)).toMatchObject({ duplicate: true });
    const other = append(ports, { ...sent, payload: { b: 4, a: { y: [3, 2], x: 1 } } });
    await expect(other).rejects.toMatchObject({ code: 'client_id_reused' });
  });

  test('counts only where it is a message', async () => {
    const ports = await portsTo(2);
    await append(ports, draft({ type: 'unheard' }));
    await append(ports, draft());
    expect((await all(ports.log)).map(({ n, m }) => [n, m])).toEqual([
      [1, 1],
      [2, 2],
      [2, 2],
      [3, 4],
    ]);
  });

  test("is not mistaken for another user's message with the same clientId", async () => {
    const ports = await portsTo(0);
    await append(ports, draft({ clientId: 'c', userId: 'bob', after: 0 }));
    const appended = await append(ports, draft({ clientId: 'c', after: 0 }));
    expect(appended).toMatchObject({ duplicate: false, event: { seq: 2, userId: 'alice' } });
  });

  test('in another room is another message', async () => {
    const ports = await portsTo(0);
    await append(ports, draft({ clientId: 'c', after: 0 }));
    const elsewhere = await append(ports, draft({ clientId: 'c', after: 0, room: 'music' }));
    expect(elsewhere).toMatchObject({ duplicate: false, event: { seq: 1, room: 'music' } });
  });
});

describe('after', () => {
  test('may not lie beyond the head', async () => {
    const ports = await portsTo(3);
    await expect(append(ports, draft({ clientId: 'c', after: 4 }))).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
    await expect(append(ports, draft({ after: 4 }))).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
    expect(await all(ports.log)).toHaveLength(3);
    expect((await append(ports, draft({ clientId: 'c', after: 3 }))).event.seq).toBe(4);
  });

  test('may lie a thousand events behind, and no more', async () => {
    const ports = await portsTo(1_001);
    const tooOld = append(ports, draft({ clientId: 'c', after: 0 }));
    await expect(tooOld).rejects.toMatchObject({
      code: 'after_too_old',
      details: { room: 'lobby' },
    });
    expect(await all(ports.log)).toHaveLength(1_001);
    expect((await append(ports, draft({ clientId: 'c', after: 1 }))).event.seq).toBe(1_002);
  });

  test('may lie any number of other events behind', async () => {
    const ports = await portsTo(1);
    for (let seq = 2; seq <= 1_500; seq++) {
      await ports.log.put(anEvent({ seq, userId: 'bob', n: Math.min(seq, 1_000), at: 2 }));
    }
    const sent = draft({ clientId: 'c', after: 0 });
    const { event } = await append(ports, sent);
    expect(event).toMatchObject({ seq: 1_501, n: 1_001 });
    expect(await append(ports, { ...sent, after: 1 })).toEqual({ event, duplicate: true });
    const another = append(ports, draft({ clientId: 'd', after: 0 }));
    await expect(another).rejects.toMatchObject({ code: 'after_too_old' });
  });

  test('is not needed: the newest thousand events are searched without it', async () => {
    const { log, ...others } = await portsTo(0);
    const ports = { log, ...others };
    await append(ports, draft({ clientId: 'first' }));
    await append(ports, draft({ clientId: 'second' }));
    for (let seq = 3; seq <= 1_001; seq++) await log.put(anEvent({ seq, userId: 'bob' }));

    const second = await append(ports, draft({ clientId: 'second' }));
    expect(second).toMatchObject({ duplicate: true, event: { seq: 2 } });
    const first = await append(ports, draft({ clientId: 'first' }));
    expect(first).toMatchObject({ duplicate: false, event: { seq: 1_002 } });
  });
});

describe('a search that gets long', () => {
  /** A room in which sixty of the longest messages are about as much as is searched. */
  async function longRoom(): Promise<AppendPorts> {
    const ports = await portsTo(0);
    await append(ports, draft({ clientId: 'first' }));
    await append(ports, draft({ clientId: 'second' }));
    const content = 'x'.repeat(CONTENT_BYTES);
    for (let seq = 3; seq <= 100; seq++) {
      await ports.log.put(anEvent({ seq, userId: 'bob', content }));
    }
    return ports;
  }

  test('from `after` is refused, so that nothing is taken for new that may be in the rest', async () => {
    const ports = await longRoom();
    await expect(append(ports, draft({ clientId: 'c', after: 1 }))).rejects.toMatchObject({
      code: 'after_too_old',
    });
    expect(await all(ports.log)).toHaveLength(100);
    // Found before it gets long.
    const second = await append(ports, draft({ clientId: 'second', after: 1 }));
    expect(second).toMatchObject({ duplicate: true, event: { seq: 2 } });
    expect((await append(ports, draft({ clientId: 'c', after: 50 }))).event.seq).toBe(101);
  });

  test('without `after` ends there, newest first', async () => {
    const ports = await longRoom();
    await append(ports, draft({ clientId: 'late' }));
    const late = await append(ports, draft({ clientId: 'late' }));
    expect(late).toMatchObject({ duplicate: true, event: { seq: 101 } });
    expect(await append(ports, draft({ clientId: 'first' }))).toMatchObject({ duplicate: false });
  });

  test.each([{ after: 1 }, {}])('reads no more than it searches: %j', async (given) => {
    const ports = await longRoom();
    let bytes = 0;
    const counted =
      (read: EventLog['readForward']): EventLog['readForward'] =>
      async (...args) => {
        const events = await read(...args);
        bytes += jsonBytes(events);
        return events;
      };
    const { readForward, readBackward } = ports.log;
    ports.log.readForward = counted(readForward);
    ports.log.readBackward = counted(readBackward);
    await append(ports, draft({ clientId: 'c', ...given })).catch(() => undefined);
    expect(bytes).toBeGreaterThan(DUPLICATE_SEARCH_BYTES);
    // One read more was under way.
    expect(bytes).toBeLessThan(1.6 * DUPLICATE_SEARCH_BYTES);
  });
});

describe('a put that goes wrong', () => {
  /** The first put has this trouble, later ones have none. */
  const once = (trouble: PutTrouble) => {
    let next = trouble;
    return () => {
      const happens = next;
      next = 'none';
      return happens;
    };
  };

  test.each(['answer lost', 'request lost'] as const)(
    'with its %s is a fault, and the retry stores the message once',
    async (trouble) => {
      const log = dynamoEventLog(memoryTable());
      const ports = portsOf(unreliable(log, once(trouble)));
      const message = draft({ clientId: 'c', after: 0 });
      await expect(append(ports, message)).rejects.toThrow('was lost');
      const retry = await append(ports, message);
      expect(retry.duplicate).toBe(trouble === 'answer lost');
      expect(await all(log)).toEqual([retry.event]);
    },
  );

  test.each([undefined, 'c'])(
    'and finds its slot taken by itself is no duplicate (clientId %s)',
    async (clientId) => {
      const log = dynamoEventLog(memoryTable());
      const ports = portsOf(unreliable(log, once('taken by itself')));
      const appended = await append(ports, draft({ clientId }));
      expect(appended).toMatchObject({ duplicate: false, event: { seq: 1 } });
      expect(await all(log)).toEqual([appended.event]);
    },
  );

  test('finds the slot taken by an earlier attempt of its own', async () => {
    const mine = (seq: number) =>
      anEvent({ seq, id: 'earlier', userId: 'alice', clientId: 'c', content: 'hello' });
    const log = dynamoEventLog(memoryTable());
    const appended = await append(
      portsOf(contested(log, mine, 1)),
      draft({ clientId: 'c', after: 0 }),
    );
    expect(appended).toEqual({ duplicate: true, event: mine(1) });
    expect(await all(log)).toEqual([mine(1)]);
  });

  test('finds the slot taken by its clientId with other content', async () => {
    const other = (seq: number) => anEvent({ seq, clientId: 'c', content: 'other' });
    const log = dynamoEventLog(memoryTable());
    const appending = append(portsOf(contested(log, other, 1)), draft({ clientId: 'c', after: 0 }));
    await expect(appending).rejects.toMatchObject({ code: 'client_id_reused' });
    expect(await all(log)).toHaveLength(1);
  });
});

describe('a room that is too busy', () => {
  test('is given up after so many slots, with nothing stored, and tells how far it was searched', async () => {
    const log = dynamoEventLog(memoryTable());
    const ports = portsOf(contested(log, (seq) => anEvent({ seq, userId: 'bob' })));
    expect(await tryToAppend(ports, draft({ clientId: 'c' }))).toEqual({ searched: 80 });
    const events = await all(log);
    expect(events.every(({ userId }) => userId === 'bob')).toBe(true);
    expect(events).toHaveLength(80);
    expect(ports.clock.sleeps).toHaveLength(80);
    expect(Math.max(...ports.clock.sleeps)).toBeLessThanOrEqual(100);
  });

  test('takes the message when the others let go', async () => {
    const rival = (seq: number) => anEvent({ seq, userId: 'bob' });
    const log = dynamoEventLog(memoryTable());
    const appended = await append(portsOf(contested(log, rival, 79)), draft());
    expect(appended).toMatchObject({ duplicate: false, event: { seq: 80 } });
  });

  test('is caught up with page by page when many events came between', async () => {
    const log = dynamoEventLog(memoryTable());
    let first = true;
    const ports = portsOf({
      ...log,
      async put(...events) {
        if (first) {
          first = false;
          for (let seq = 1; seq <= 450; seq++) await log.put(anEvent({ seq, userId: 'bob' }));
        }
        return await log.put(...events);
      },
    });
    expect((await append(ports, draft())).event.seq).toBe(451);
  });
});

describe('a crowded room', () => {
  /** A room whose newest event says that it is crowded, and is so old. */
  async function crowdedRoom(age: number, given: Partial<RoomEvent> = {}) {
    const log = dynamoEventLog(memoryTable());
    const at = START - age;
    await log.put(anEvent({ seq: 1, userId: 'bob', at, crowded: true, ...given }));
    return portsOf(log);
  }

  test('is searched, and not written to by one alone', async () => {
    const ports = await crowdedRoom(999);
    expect(await tryToAppend(ports, draft({ clientId: 'c' }))).toEqual({ searched: 1 });
    expect(await all(ports.log)).toHaveLength(1);
    expect(ports.clock.sleeps).toEqual([]);
  });

  test('is no longer crowded after a second', async () => {
    const appended = await append(await crowdedRoom(1_000), draft());
    expect(appended).toMatchObject({ duplicate: false, event: { seq: 2 } });
  });

  test('is no longer crowded when somebody has had a slot at once', async () => {
    const ports = await crowdedRoom(0);
    await ports.log.put(anEvent({ seq: 2, userId: 'bob', at: START }));
    expect((await append(ports, draft())).event.seq).toBe(3);
  });

  test('is called so by who had his slot after two lost ones, and by nobody before', async () => {
    for (const [lost, crowded] of [
      [0, undefined],
      [1, undefined],
      [2, true],
      [3, true],
    ] as const) {
      const log = dynamoEventLog(memoryTable());
      const rival = (seq: number) => anEvent({ seq, userId: 'bob' });
      const { event } = await append(portsOf(contested(log, rival, lost)), draft());
      expect(event).toMatchObject({ seq: lost + 1 });
      expect(event.crowded).toBe(crowded);
      expect((await log.head('lobby')).crowded).toBe(crowded);
    }
  });

  test('is left alone by who learns of it from a lost slot', async () => {
    const rival = (seq: number) =>
      anEvent({ seq, userId: 'bob', at: START, ...(seq === 2 && { crowded: true }) });
    const log = dynamoEventLog(memoryTable());
    const ports = portsOf(contested(log, rival));
    expect(await tryToAppend(ports, draft({ clientId: 'c' }))).toEqual({ searched: 2 });
    expect(await all(log)).toHaveLength(2);
  });

  test('gives a retry its original', async () => {
    const ports = await crowdedRoom(0, { userId: 'alice', clientId: 'c', ...said('hello') });
    const retry = await tryToAppend(ports, draft({ clientId: 'c' }));
    expect(retry).toMatchObject({ duplicate: true, event: { seq: 1, id: 'event-1' } });
  });

  test('refuses what any room refuses', async () => {
    const ports = await crowdedRoom(0, { userId: 'alice', clientId: 'c', ...said('other') });
    await expect(tryToAppend(ports, draft({ clientId: 'c' }))).rejects.toMatchObject({
      code: 'client_id_reused',
    });
    await expect(tryToAppend(ports, draft({ after: 2 }))).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
  });
});

describe('a head that has just been read', () => {
  test('is not read again, and if it was true the first put has the slot', async () => {
    const ports = await portsTo(2);
    const known = await ports.log.head('lobby');
    const log = { ...ports.log, head: () => Promise.reject(new Error('Read again.')) };
    const appended = await appendOnce({ ...ports, log }, draft(), 'mine', 1, known);
    expect(appended).toMatchObject({ duplicate: false, event: { seq: 3, id: 'mine' } });
  });

  test('does no harm when it is old', async () => {
    const ports = await portsTo(5);
    const appended = await appendOnce(ports, draft(), 'mine', 3, { ...anEnd(2), at: 2 });
    expect(appended).toMatchObject({ event: { seq: 6, id: 'mine' } });
  });
});

test('a draft that tries for no slot is in none', async () => {
  const ports = await portsTo(2);
  expect(await appendOnce(ports, draft(), 'mine', 0)).toEqual({ searched: 2 });
  expect(await all(ports.log)).toHaveLength(2);
});
