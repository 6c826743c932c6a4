import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { systemClock, systemRandom } from '../../../lambdas/aws/services.ts';
import {
  type Appended,
  type AppendPorts,
  append,
  type Draft,
} from '../../../lambdas/chat/append.ts';
import type { RoomEvent } from '../../../lambdas/chat/event.ts';
import type { EventLog } from '../../../lambdas/chat/ports/event-log.ts';
import { ParlorError } from '../../../protocol/errors.ts';
import { type Engine, openDynalite } from '../../contracts/engines.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { fakeRandom } from '../../fakes/fake-random.ts';
import { memoryEventLog } from '../../fakes/memory-event-log.ts';
import {
  asSlowAsDynamo,
  interleaved,
  type PutTrouble,
  unreliable,
} from '../../fakes/troubled-event-logs.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';

const WRITERS = 200;

const draftOf = (writer: number): Draft => ({
  room: 'lobby',
  userId: `user-${writer % 7}`,
  sender: `User ${writer % 7}`,
  content: `message of writer ${writer}`,
  clientId: `client-${writer}`,
  after: 0,
});

/** Sends until it is stored, as a client does: whatever goes wrong, the same message again. */
async function persist(ports: AppendPorts, draft: Draft): Promise<Appended> {
  for (;;) {
    try {
      return await append(ports, draft);
    } catch (error) {
      if (error instanceof ParlorError && error.code !== 'room_busy') throw error;
    }
  }
}

/** All events, after a look at what must hold in every log. */
async function checkedLog(log: EventLog, results: readonly Appended[]): Promise<RoomEvent[]> {
  const events = await log.readForward('lobby', 0, 10_000);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ clientId }) => clientId)).size).toBe(events.length);
  for (const [index, event] of events.entries()) {
    expect(event.at).toBeGreaterThanOrEqual(events[index - 1]?.at ?? 0);
  }
  for (const { event } of results) expect(events[event.seq - 1]).toEqual(event);
  return events;
}

describe('two hundred who write at once', () => {
  const drafts = Array.from({ length: WRITERS }, (_, writer) => draftOf(writer));

  test('all get a place of their own, whoever comes between whom', async () => {
    const random = fakeRandom(7);
    const ports = { log: interleaved(memoryEventLog(), random), clock: fakeClock(), random };
    const results = await Promise.all(drafts.map((draft) => persist(ports, draft)));
    expect(await checkedLog(ports.log, results)).toHaveLength(WRITERS);
    expect(results.every(({ duplicate }) => !duplicate)).toBe(true);
  });

  test('all get through without a retry of the client, at the speed of DynamoDB', async () => {
    const random = fakeRandom(11);
    const clock = virtualClock();
    const log = memoryEventLog();
    const ports = { log: asSlowAsDynamo(log, clock, random), clock, random };
    const results = await Promise.all(drafts.map((draft) => append(ports, draft)));
    expect(await checkedLog(log, results)).toHaveLength(WRITERS);
  });

  describe('to a real table', () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await openDynalite();
    });
    afterAll(() => engine.close());

    test('all get a place of their own', async () => {
      const log = dynamoEventLog(await engine.newTable());
      const ports = { log, clock: systemClock, random: systemRandom };
      const results = await Promise.all(drafts.map((draft) => persist(ports, draft)));
      expect(await checkedLog(log, results)).toHaveLength(WRITERS);
    });
  });
});

describe('whatever happens to whom', () => {
  const troubles: readonly PutTrouble[] = ['answer lost', 'taken by itself', 'request lost'];

  test('each message is stored once, and everyone learns where', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer(),
          // Which messages are sent, each perhaps by several attempts that run at once.
          attempts: fc.array(fc.nat({ max: 4 }), { minLength: 2, maxLength: 12 }),
          earlier: fc.nat({ max: 3 }),
          troubled: fc.double({ min: 0, max: 0.5, noNaN: true }),
        }),
        async ({ seed, attempts, earlier, troubled }) => {
          const random = fakeRandom(seed);
          const memory = memoryEventLog();
          const ports = { log: memory, clock: fakeClock(), random };
          for (let n = 0; n < earlier; n++) await append(ports, draftOf(100 + n));

          const trouble = () =>
            random.fraction() < troubled
              ? (troubles[Math.floor(random.fraction() * troubles.length)] ?? 'none')
              : 'none';
          const log = unreliable(interleaved(memory, random), trouble);
          const results = await Promise.all(
            attempts.map((writer) => persist({ ...ports, log }, draftOf(writer))),
          );
          const events = await checkedLog(memory, results);
          expect(events).toHaveLength(earlier + new Set(attempts).size);
          for (const [index, writer] of attempts.entries()) {
            expect(results[index]?.event.clientId).toBe(`client-${writer}`);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
