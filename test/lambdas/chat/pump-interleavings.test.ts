import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { dynamoInbox } from '../../../lambdas/aws/inbox.ts';
import { dynamoLeaseStore } from '../../../lambdas/aws/lease-store.ts';
import type { FanOut } from '../../../lambdas/chat/ports/fan-out.ts';
import { postShard } from '../../../lambdas/chat/post-shard.ts';
import { type PublishPorts, publish } from '../../../lambdas/chat/publish.ts';
import { resumePump, roomPump } from '../../../lambdas/chat/pump.ts';
import { inlineBudget, relayBudget } from '../../../lambdas/chat/pump-budget.ts';
import type { PumpPorts } from '../../../lambdas/chat/pump-round.ts';
import { memoryTable } from '../../../local/database.ts';
import { said } from '../../fakes/samples.ts';
import { atItsTurn } from './at-its-turn.ts';
import { aRoomWith, heard, ROOM } from './pumped-room.ts';

interface World extends PublishPorts {
  /** What the room's one connection was sent. */
  frames: string[];
  /** What was handed on. */
  workers: Promise<unknown>[];
}

async function worldOf(scheduler: fc.Scheduler): Promise<World> {
  const services = await aRoomWith([{}]);
  const turn = () => scheduler.schedule(Promise.resolve());
  const workers: Promise<unknown>[] = [];
  const frames: string[] = [];
  const { clock, gateway } = services;
  const ports: PumpPorts = {
    ...services,
    clock: { now: clock.now, sleep: async () => void (await turn()) },
    log: atItsTurn(dynamoEventLog(memoryTable()), scheduler),
    leases: atItsTurn(dynamoLeaseStore(memoryTable()), scheduler),
    inbox: atItsTurn(dynamoInbox(memoryTable()), scheduler),
    gateway: {
      ...gateway,
      // Not the fake's: its answers take a turn of the event loop, in which all others would run.
      post: async (_, frame) => {
        await turn();
        frames.push(frame);
        return 'delivered';
      },
    },
    relay: {
      handOn: async (room, ticket) => {
        await turn();
        workers.push(resumePump(ports, room, ticket, relayBudget(clock, 900_000)));
      },
      postShard: (task) => postShard(ports, task),
    },
  };
  const fanOut = roomPump(ports, () => inlineBudget(clock));
  return { ...ports, frames, workers, fanOut };
}

/** Dies right after its put, or lives to see its message brought to the room. */
type Fate = 'lives' | 'dies';

function send(world: World, fate: Fate, writer: number): Promise<unknown> {
  const draft = { room: ROOM, userId: `u${writer}`, sender: `U${writer}`, ...said(`m${writer}`) };
  const never = () => new Promise<never>(() => {});
  const died: FanOut = { deliver: never, wake: never };
  return publish({ ...world, ...(fate === 'dies' && { fanOut: died }) }, draft);
}

test('no message of a writer that lives is left without a pump, whoever comes between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom<Fate>('lives', 'lives', 'dies'), { minLength: 2, maxLength: 6 }),
      async (scheduler, fates) => {
        const world = await worldOf(scheduler);
        const sending = fates.map((fate, writer) => send(world, fate, writer));
        const living = sending.filter((_, writer) => fates[writer] === 'lives');
        await scheduler.waitFor(Promise.all(living));
        // Workers may hand on once more: the list grows meanwhile.
        for (const worker of world.workers) await scheduler.waitFor(worker);

        const events = await scheduler.waitFor(world.log.readForward(ROOM, 0, 100));
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
        const contents = events.map(({ payload }) => payload.content);
        expect(new Set(contents).size).toBe(events.length);
        const delivered = heard({ gateway: { framesTo: () => world.frames } }, 'c1');
        // One pump at a time: in order, and nothing twice.
        expect(delivered).toEqual(delivered.map((_, index) => index + 1));
        for (const [writer, fate] of fates.entries()) {
          if (fate === 'dies') continue;
          expect(contents).toContain(`m${writer}`);
          expect(delivered.length).toBeGreaterThan(contents.indexOf(`m${writer}`));
        }
      },
    ),
    { numRuns: 300 },
  );
});
