import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { FanOutJob } from '../../lambdas/chat/ports/relay.ts';
import type { ShardTask } from '../../lambdas/chat/post-shard.ts';
import { localRelay, type WorkerContext, Workers } from '../../local/workers.ts';
import { INVOCATION_BYTES } from '../../protocol/limits.ts';
import { turn } from '../fakes/fake-clock.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('local workers', () => {
  test('are waited for, and those that they start in their turn', async () => {
    const workers = new Workers();
    const done: string[] = [];
    workers.start(async () => {
      await turn();
      workers.start(async () => {
        await turn();
        done.push('second');
      });
      done.push('first');
    });
    await workers.settled();
    expect(done).toEqual(['first', 'second']);
    await workers.settled();
  });

  test('that fail are told of, and harm nobody', async () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => {});
    const workers = new Workers();
    const failure = new Error('The table is down.');
    let done = false;
    workers.start(() => Promise.reject(failure));
    workers.start(() => {
      throw failure;
    });
    workers.start(async () => {
      await turn();
      done = true;
    });
    await workers.settled();
    expect(done).toBe(true);
    expect(said.mock.calls).toEqual(Array(2).fill(['local worker:', failure]));
  });

  test('begin only after who started them has gone on', () => {
    const workers = new Workers();
    let begun = false;
    workers.start(async () => {
      begun = true;
    });
    expect(begun).toBe(false);
  });

  test('each know themselves, and how long they may run yet', () => {
    const workers = new Workers();
    const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
    const [first, second] = [workers.context(), workers.context()];
    expect(first.awsRequestId).not.toBe(second.awsRequestId);
    const whole = first.getRemainingTimeInMillis();
    now.mockReturnValue(1_010_000);
    expect(whole - first.getRemainingTimeInMillis()).toBe(10_000);
  });
});

describe('the local relay', () => {
  const task: ShardTask = {
    room: 'lobby',
    shard: 1,
    frames: { v1: ['{}'], legacy: [] },
    until: 5,
    postsPerSecond: 7,
  };
  const report = { members: 1, delivered: 1, gone: 0, slow: 0, failed: 0 };

  function relayTo(fanOut: (job: FanOutJob, context: WorkerContext) => Promise<unknown>) {
    const workers = new Workers();
    return { workers, relay: localRelay(workers, () => fanOut) };
  }

  test('hands a room on without waiting for it', async () => {
    const jobs: FanOutJob[] = [];
    let release = () => {};
    const opened = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { workers, relay } = relayTo(async (job) => {
      await opened;
      jobs.push(job);
    });
    await relay.handOn('lobby', 'ticket');
    expect(jobs).toEqual([]);
    release();
    await workers.settled();
    expect(jobs).toEqual([{ kind: 'resume', room: 'lobby', ticket: 'ticket' }]);
  });

  test('has a shard posted, and what travels is plain data', async () => {
    const seen: FanOutJob[] = [];
    const { relay } = relayTo(async (job) => {
      seen.push(job);
      return { ...report, fault: undefined };
    });
    const answer = await relay.postShard(task);
    expect(seen).toEqual([{ kind: 'shard', task }]);
    const [job] = seen;
    expect(job?.kind === 'shard' && job.task.frames).not.toBe(task.frames);
    expect(Object.keys(answer)).toEqual(Object.keys(report));
  });

  test('refuses a task that Lambda would not take', async () => {
    const { relay } = relayTo(async () => report);
    const frames = { v1: ['"'.repeat(INVOCATION_BYTES / 2)], legacy: [] };
    await expect(relay.postShard({ ...task, frames })).rejects.toThrow('413');
  });

  test('passes a worker’s failure on to who waits for it', async () => {
    const { relay } = relayTo(() => Promise.reject(new Error('Out of memory.')));
    await expect(relay.postShard(task)).rejects.toThrow('Out of memory.');
  });
});
