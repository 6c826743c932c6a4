import type { FanOutReport } from '../../lambdas/chat/ports/fan-out.ts';
import type { Relay } from '../../lambdas/chat/ports/relay.ts';
import type { ShardReport, ShardTask } from '../../lambdas/chat/post-shard.ts';

/** What the workers do when they are asked: `resumePump` and `postShard` of some ports. */
export interface Workers {
  resume(room: string, ticket: string): Promise<FanOutReport>;
  postShard(task: ShardTask): Promise<ShardReport>;
}

export interface FakeRelay extends Relay {
  /** Rooms that were handed on, in order, whether or not anybody has gone on with them. */
  readonly handOns: readonly { room: string; ticket: string }[];
  /** Shards that were given away, in order. */
  readonly tasks: readonly ShardTask[];
  /**
   * Has workers go on with what was handed on, and with what they hand on themselves, until there
   * is nothing more. Nobody does until a test says so.
   */
  run(): Promise<FanOutReport[]>;
  /** From now on the calls fail so, or work again. */
  fail(fault: Error | undefined): void;
}

/** Other workers, in this process. What goes to them and comes back is plain data. */
export function fakeRelay(workers: Workers): FakeRelay {
  const handOns: { room: string; ticket: string }[] = [];
  const tasks: ShardTask[] = [];
  let gone = 0;
  let broken: Error | undefined;

  return {
    handOns,
    tasks,
    fail(fault) {
      broken = fault;
    },

    async handOn(room, ticket) {
      if (broken) throw broken;
      handOns.push({ room, ticket });
    },

    async postShard(task) {
      if (broken) throw broken;
      const sent = asSent(task);
      tasks.push(sent);
      return asSent(await workers.postShard(sent));
    },

    async run() {
      const reports: FanOutReport[] = [];
      for (let next = handOns[gone]; next; next = handOns[gone]) {
        gone++;
        reports.push(await workers.resume(next.room, next.ticket));
      }
      return reports;
    },
  };
}

const asSent = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data)) as Data;
