import type { FanOutJob, Relay } from '../lambdas/chat/ports/relay.ts';
import type { ShardReport } from '../lambdas/chat/post-shard.ts';
import { jsonBytes } from '../lambdas/chat/size.ts';
import { INVOCATION_BYTES } from '../protocol/limits.ts';

/** As much of Lambda's context as the background functions use. */
export interface WorkerContext {
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** How long a local worker may run: as long as the deployed one. */
const TIMEOUT_MS = 120_000;

/** Asynchronous invocations in this process: what is under way can be waited for. */
export class Workers {
  readonly #underWay = new Set<Promise<unknown>>();
  #count = 0;

  /** Starts something that nobody waits for, but `settled`. Its own failures are its own matter. */
  start(work: () => Promise<unknown>): void {
    const running = Promise.resolve()
      .then(work)
      .catch((error: unknown) => console.error('local worker:', error))
      .finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  context(): WorkerContext {
    const started = Date.now();
    return {
      awsRequestId: `local-${++this.#count}`,
      getRemainingTimeInMillis: () => TIMEOUT_MS - (Date.now() - started),
    };
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }
}

/** Lambda's Invoke API for the fanout function, in this process. Jobs and answers cross as JSON. */
export function localRelay(
  workers: Workers,
  fanOut: () => (job: FanOutJob, context: WorkerContext) => Promise<unknown>,
): Relay {
  const copy = <Data>(data: Data): Data => JSON.parse(JSON.stringify(data));
  return {
    async handOn(room, ticket) {
      workers.start(() => fanOut()({ kind: 'resume', room, ticket }, workers.context()));
    },
    async postShard(task) {
      const job = copy<FanOutJob>({ kind: 'shard', task });
      if (jsonBytes(job) > INVOCATION_BYTES) throw new Error('Lambda answered 413.');
      return copy((await fanOut()(job, workers.context())) as ShardReport);
    },
  };
}
