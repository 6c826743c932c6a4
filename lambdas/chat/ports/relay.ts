import type { ShardReport, ShardTask } from '../post-shard.ts';

/** Other workers: further instances of the fanout function. */
export interface Relay {
  /**
   * Has another worker go on with a room whose lease this one holds. Returns once that is sure to
   * be tried; it may be tried twice.
   *
   * @param ticket the lease's owner; whoever claims it with that is the new holder
   */
  handOn(room: string, ticket: string): Promise<void>;

  /** Has another worker post to one shard, and waits for it. */
  postShard(task: ShardTask): Promise<ShardReport>;
}

/** What such a worker is asked for. Plain data. */
export type FanOutJob =
  | { kind: 'resume'; room: string; ticket: string }
  | { kind: 'shard'; task: ShardTask };
