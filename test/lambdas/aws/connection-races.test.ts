import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dynamoConnectionStore } from '../../../lambdas/aws/connection-store.ts';
import type { Table } from '../../../lambdas/aws/dynamo.ts';
import type { Connection } from '../../../lambdas/chat/connection.ts';
import type { ConnectionStore } from '../../../lambdas/chat/ports/connection-store.ts';
import { type Engine, openDynalite } from '../../contracts/engines.ts';
import { START, turn } from '../../fakes/fake-clock.ts';
import { aConnection } from '../../fakes/samples.ts';
import { all } from './dynamo-calls.ts';

/** What happens at each call of the database; set for each run. */
interface Weather {
  /** Makes a call when its turn has come. */
  through<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Whether the answer is lost, and the SDK calls again. */
  answerLost(): boolean;
}

const FAIR: Weather = { through: (call) => call(), answerLost: () => false };

type Action = 'join' | 'join elsewhere' | 'leave' | 'renew';

let engine: Engine;
let store: ConnectionStore;
let weather = FAIR;

beforeAll(async () => {
  engine = await openDynalite();
  const table = await engine.newTable();
  underWeather(table);
  store = dynamoConnectionStore(table);
});
afterAll(() => engine.close());

function underWeather({ client }: Table): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { through, answerLost } = weather;
      // A write whose condition fails the second time has its answer from that.
      if (answerLost()) await through(() => next(args)).catch(() => {});
      return await through(() => next(args));
    },
    { step: 'finalizeRequest', priority: 'low', name: 'weather' },
  );
}

const act: Record<Action, (connection: Connection, number: number) => Promise<unknown>> = {
  join: (connection) => store.join(connection, 'music', 0),
  'join elsewhere': (connection) => store.join(connection, 'music', 1),
  leave: (connection) => store.leave(connection, 'music'),
  renew: (connection, number) => store.renew(connection, START + 1_000_000 + number),
};

/** Where in the room the connection is present, and until when. */
async function presences(id: string) {
  const found: { shard: number; authUntil: number }[] = [];
  for (const shard of [0, 1]) {
    const pages = await all(store.inShard('music', shard, START));
    for (const { connectionId, authUntil } of pages.flat()) {
      if (connectionId === id) found.push({ shard, authUntil });
    }
  }
  return found;
}

/** Lets these happen at once, and then looks whether what is left fits together. */
async function race(
  id: string,
  before: readonly Action[],
  actions: readonly Action[],
  during: Weather,
  run: Running,
) {
  weather = FAIR;
  await store.add(aConnection({ id }));
  for (const action of before) await act[action](aConnection({ id }), 0);
  const connection = (await store.find(id, START)) ?? aConnection({ id });
  weather = during;
  await run(Promise.all(actions.map((action, number) => act[action](connection, number))));
  weather = FAIR;
  const now = await store.find(id, START);
  const shard = now?.rooms.get('music');
  const expected = shard === undefined ? [] : [{ shard, authUntil: now?.authUntil }];
  expect(await presences(id)).toEqual(expected);
}

type Running = (all: Promise<unknown>) => Promise<unknown>;

/** Calls that wait for their turn: one after the other is made, as `choose` has it. */
function oneByOne(choose: (count: number) => number) {
  const waiting: (() => Promise<void>)[] = [];
  return {
    through: <Result>(call: () => Promise<Result>): Promise<Result> =>
      new Promise((resolve, reject) => {
        waiting.push(() => call().then(resolve, reject));
      }),

    async run(racing: Promise<unknown>): Promise<void> {
      let over = false;
      const ended = racing.finally(() => {
        over = true;
      });
      ended.catch(() => {});
      while (!over) {
        for (let turns = 0; turns < 3; turns++) await turn();
        const [next] = waiting.splice(choose(waiting.length), 1);
        await next?.();
      }
      await ended;
    },
  };
}

let runs = 0;

/** @param lost how likely it is that an answer is lost, in percent */
async function holdsInAnyOrder(
  before: readonly Action[],
  actions: fc.Arbitrary<readonly Action[]>,
  lost: number,
): Promise<void> {
  const chances = fc.array(fc.nat({ max: 99 }), { minLength: 60, maxLength: 60 });
  const property = fc.asyncProperty(actions, chances, async (some, given) => {
    runs++;
    let used = 0;
    const chance = () => given[used++ % given.length] ?? 0;
    const { through, run } = oneByOne((count) => chance() % Math.max(1, count));
    const during = { through, answerLost: () => chance() < lost };
    await race(`c${runs}`, before, some, during, run);
  });
  await fc.assert(property, { numRuns: 60 });
}

describe('a connection that joins, leaves and renews at once', () => {
  const any = fc.array(
    fc.constantFrom<Action>('join', 'join elsewhere', 'leave', 'leave', 'renew'),
    { minLength: 2, maxLength: 4 },
  );

  test('in the end is in a room and gets its frames, or neither', async () => {
    await holdsInAnyOrder(['join'], any, 0);
  }, 60_000);

  test('and joins again before its first joining has ended gets its frames', async () => {
    await holdsInAnyOrder([], fc.constant(['join', 'leave', 'join']), 0);
  }, 60_000);

  test('and renews while it joins gets its frames for as long', async () => {
    await holdsInAnyOrder([], fc.constant(['join', 'renew']), 0);
  }, 60_000);

  test('does so also where answers are lost and calls are made again', async () => {
    await holdsInAnyOrder(['join'], any, 25);
  }, 60_000);
});
