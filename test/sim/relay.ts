import type { FanOutJob, Relay } from '../../lambdas/chat/ports/relay.ts';
import type { ShardReport } from '../../lambdas/chat/post-shard.ts';
import type { Cloud } from './cloud.ts';
import { type Instance, SimulatedFault } from './instance.ts';
import { strikes } from './world.ts';

const FAN_OUT_MS = 120_000;
const INVOKE_DEADLINE_MS = 5_000;
const SHARD_DEADLINE_MS = 20_000;
/** Lambda tries an asynchronous invocation that failed twice more. */
const RETRIES_MS = [60_000, 120_000];

/** The fanout function, as one instance of a function calls it. */
export function relayOf(cloud: Cloud, caller: Instance): Relay {
  return {
    handOn: (room, ticket) => handOn(cloud, caller, { kind: 'resume', room, ticket }),
    postShard: (task) => postShard(cloud, caller, JSON.parse(JSON.stringify(task))),
  };
}

/** An asynchronous invocation: at least once, some time. */
function handOn(
  cloud: Cloud,
  caller: Instance,
  job: Extract<FanOutJob, { kind: 'resume' }>,
): Promise<void> {
  const { timeline, random, profile } = cloud.world;
  const fault = strikes(cloud.world, profile.invokeFault)
    ? random.pick(['refused', 'lost', 'unanswered', 'twice', 'late'])
    : undefined;
  cloud.world.trace(caller.name, () => `hands ${job.room} on ${fault ?? ''}`);
  return caller.call((done) => {
    const fail = (error: string) => done({ error: new SimulatedFault(error) });
    if (fault === 'refused') return timeline.in(10, () => fail('Lambda answered 429.'));
    if (fault === 'lost' || fault === 'unanswered') {
      timeline.in(INVOKE_DEADLINE_MS, () => fail('Lambda did not answer.'));
    }
    if (fault === 'lost') return;
    timeline.in(random.between(2, 10), () => {
      if (!caller.reaches()) return;
      if (fault !== 'unanswered') timeline.in(2, () => done({ value: undefined }));
      const delay = fault === 'late' ? random.between(1_000, 20_000) : random.between(2, 50);
      timeline.in(delay, () => resume(cloud, job, 0));
      if (fault === 'twice') timeline.in(random.between(2, 5_000), () => resume(cloud, job, 0));
    });
  });
}

function resume(
  cloud: Cloud,
  { room, ticket }: Extract<FanOutJob, { kind: 'resume' }>,
  failures: number,
): void {
  cloud.invoke(
    'fanout',
    FAN_OUT_MS,
    undefined,
    (ports) =>
      cloud.code.resumePump(ports, room, ticket, cloud.code.relayBudget(ports.clock, FAN_OUT_MS)),
    (outcome) => {
      const delay = RETRIES_MS[failures];
      if ('value' in outcome || delay === undefined) return;
      const again = () => resume(cloud, { kind: 'resume', room, ticket }, failures + 1);
      cloud.world.timeline.in(delay, again);
    },
  );
}

/** A synchronous invocation: its answer may not come, whether it ran or not. */
function postShard(
  cloud: Cloud,
  caller: Instance,
  task: Parameters<Relay['postShard']>[0],
): Promise<ShardReport> {
  const { timeline, random, profile } = cloud.world;
  const fault = strikes(cloud.world, profile.invokeFault)
    ? random.pick(['refused', 'unanswered'])
    : undefined;
  return caller.call((done) => {
    if (fault === 'refused') {
      return timeline.in(10, () => done({ error: new SimulatedFault('Lambda answered 429.') }));
    }
    timeline.in(SHARD_DEADLINE_MS, () =>
      done({ error: new SimulatedFault('Lambda did not answer.') }),
    );
    cloud.invoke(
      'shard',
      FAN_OUT_MS,
      undefined,
      (ports) => cloud.code.postShard(ports, task),
      (outcome) => {
        if (fault !== 'unanswered') timeline.in(random.between(1, 5), () => done(outcome));
      },
    );
  });
}
