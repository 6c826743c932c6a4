import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KINDS } from '../../../features/kinds.ts';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { dynamoInbox } from '../../../lambdas/aws/inbox.ts';
import { systemClock, systemRandom } from '../../../lambdas/aws/services.ts';
import {
  type Appended,
  type AppendPorts,
  append,
  type Draft,
  eventsAfter,
  isSameEvent,
} from '../../../lambdas/chat/append.ts';
import { appendDrafts, type DraftPorts } from '../../../lambdas/chat/append-drafts.ts';
import type { RoomEvent } from '../../../lambdas/chat/event.ts';
import type { EventLog } from '../../../lambdas/chat/ports/event-log.ts';
import { silentMeter } from '../../../lambdas/chat/ports/meter.ts';
import { memoryTable } from '../../../local/database.ts';
import { ParlorError } from '../../../protocol/errors.ts';
import { type Engine, openInFiles } from '../../contracts/engines.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { fakeConnectionGateway } from '../../fakes/fake-connection-gateway.ts';
import { fakeRandom } from '../../fakes/fake-random.ts';
import { said } from '../../fakes/samples.ts';
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
  ...said(`message of writer ${writer}`),
  clientId: `client-${writer}`,
  after: 0,
});

/** As the functions do it: so many slots, then the inbox, which one at a time empties. */
const ATTEMPTS = 3;

const withInbox = (ports: AppendPorts): DraftPorts => ({
  ...ports,
  inbox: dynamoInbox(memoryTable()),
  gateway: fakeConnectionGateway(),
  meter: silentMeter,
});

/** The lease's holders: one after the other. */
let draining: Promise<unknown> = Promise.resolve();

async function sendOnce(ports: DraftPorts, draft: Draft): Promise<Appended> {
  const id = ports.random.id();
  const appended = await append(ports, draft, id, ATTEMPTS);
  if ('event' in appended) return appended;
  const clientId = draft.clientId ?? id;
  const left = { ...draft, ...appended, id, clientId, leftAt: ports.clock.now() };
  await ports.inbox.enqueue(left);
  const before = draining;
  const mine = before.catch(() => {}).then(() => appendDrafts(ports, draft.room));
  draining = mine;
  await mine;
  for await (const event of eventsAfter(ports.log, draft.room, appended.searched)) {
    if (isSameEvent(event, left)) return { event, duplicate: event.id !== id };
  }
  throw new Error('The inbox was emptied, but the message is not in the log.');
}

/** Sends until it is stored, as a client does: whatever goes wrong, the same message again. */
async function persist(ports: DraftPorts, draft: Draft): Promise<Appended> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      return await sendOnce(ports, draft);
    } catch (error) {
      if (error instanceof ParlorError) throw error;
    }
  }
  throw new Error('It could not be stored in a hundred tries.');
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
    const log = interleaved(dynamoEventLog(memoryTable()), random);
    const ports = withInbox({ kinds: KINDS, log, clock: fakeClock(), random });
    const results = await Promise.all(drafts.map((draft) => persist(ports, draft)));
    expect(await checkedLog(ports.log, results)).toHaveLength(WRITERS);
    expect(results.every(({ duplicate }) => !duplicate)).toBe(true);
  });

  test('all get through without a retry of the client, at the speed of DynamoDB', async () => {
    const random = fakeRandom(11);
    const clock = virtualClock();
    const log = dynamoEventLog(memoryTable());
    const ports = withInbox({
      kinds: KINDS,
      log: asSlowAsDynamo(log, clock, random),
      clock,
      random,
    });
    const results = await Promise.all(drafts.map((draft) => sendOnce(ports, draft)));
    expect(await checkedLog(log, results)).toHaveLength(WRITERS);
  });

  describe('to a real table', () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await openInFiles();
    });
    afterAll(() => engine.close());

    test('all get a place of their own', async () => {
      const log = dynamoEventLog(await engine.newTable());
      const ports = withInbox({ kinds: KINDS, log, clock: systemClock, random: systemRandom });
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
          const memory = dynamoEventLog(memoryTable());
          const ports = withInbox({ kinds: KINDS, log: memory, clock: fakeClock(), random });
          for (let n = 0; n < earlier; n++) await sendOnce(ports, draftOf(100 + n));

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
