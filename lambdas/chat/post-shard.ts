import { type Dialect, isYoung, type Presence } from './connection.ts';
import { pacer } from './pacer.ts';
import { forEachParallel } from './parallel.ts';
import type { Clock, Random } from './ports/clock.ts';
import type { ConnectionGateway, PostOutcome } from './ports/connection-gateway.ts';
import type { ConnectionStore } from './ports/connection-store.ts';

/** One shard's part of a round. Plain data: it travels to other workers. */
export interface ShardTask {
  room: string;
  shard: number;
  /** The round's frames, in order. */
  frames: Record<Dialect, string[]>;
  /** No post begins after this, in milliseconds since 1970: the lease may be another's then. */
  until: number;
  /** This shard's share of the requests that the room may make. */
  postsPerSecond: number;
}

/** How many connections the shard has, and how they were served. */
export interface ShardReport {
  members: number;
  delivered: number;
  gone: number;
  slow: number;
  failed: number;
  fault?: unknown;
}

export interface PostPorts {
  connections: ConnectionStore;
  gateway: ConnectionGateway;
  clock: Clock;
  random: Random;
}

/**
 * Connections served at once. With API Gateway's answer in 10 ms or so, 200 post about 20,000
 * times a second; 50 would cap at 4,500.
 */
const WIDTH = 200;

/** Pauses after a 429 are drawn from up to 100, 200 and 400 ms; then the connection is skipped. */
const THROTTLE_RETRIES = 3;
const FIRST_PAUSE_MS = 100;

/**
 * Posts a round's frames to every connection of a shard. Frames reach each connection in order,
 * and a connection that fails, is slow or is gone never affects another: it sees the hole in seq
 * and fetches what it misses.
 *
 * Returns once everything it started has ended.
 *
 * @throws when the list of connections could not be read to its end: old clients have no other way
 *   to what they would miss, so the round is not over
 */
export async function postShard(ports: PostPorts, task: ShardTask): Promise<ShardReport> {
  const report: ShardReport = { members: 0, delivered: 0, gone: 0, slow: 0, failed: 0 };
  const pace = pacer(ports.clock, task.postsPerSecond);
  const members = everyoneIn(ports, task, report);
  await forEachParallel(members, WIDTH, async (presence) => {
    try {
      report[await serve(ports, task, presence, pace)]++;
    } catch (fault) {
      report.failed++;
      report.fault ??= fault;
    }
  });
  return report;
}

async function* everyoneIn(
  { connections, clock }: PostPorts,
  { room, shard }: ShardTask,
  report: ShardReport,
): AsyncGenerator<Presence> {
  for await (const page of connections.inShard(room, shard, clock.now())) {
    report.members += page.length;
    yield* page;
  }
}

async function serve(
  ports: PostPorts,
  task: ShardTask,
  presence: Presence,
  pace: () => Promise<void>,
): Promise<'delivered' | 'gone' | 'slow'> {
  for (const frame of task.frames[presence.dialect]) {
    // Before waiting too: at a low rate those left over would wait on for minutes, for nothing.
    if (isTooLate(task, presence, ports.clock.now())) return 'slow';
    await pace();
    const outcome = await postPatiently(ports, task, presence, frame);
    if (outcome === 'gone') await evictIfGone(ports, task, presence);
    // What follows would come after a hole: better that the client asks for it all.
    if (outcome !== 'delivered') return outcome;
  }
  return 'delivered';
}

async function postPatiently(
  { gateway, clock, random }: PostPorts,
  task: ShardTask,
  presence: Presence,
  frame: string,
): Promise<Exclude<PostOutcome, 'throttled'>> {
  for (let retries = 0; ; retries++) {
    if (isTooLate(task, presence, clock.now())) return 'slow';
    const outcome = await gateway.post(presence.connectionId, frame);
    if (outcome !== 'throttled') return outcome;
    if (retries === THROTTLE_RETRIES) return 'slow';
    await clock.sleep(random.fraction() * FIRST_PAUSE_MS * 2 ** retries);
  }
}

/** Looked at before each post: lease and token may both have run out since the list was read. */
const isTooLate = (task: ShardTask, presence: Presence, now: number): boolean =>
  now >= task.until || now >= presence.authUntil;

async function evictIfGone(
  { gateway, connections, clock }: PostPorts,
  { room, shard }: ShardTask,
  presence: Presence,
): Promise<void> {
  // API Gateway has been seen to answer 410 for live connections: ask again before evicting.
  if (isYoung(presence, clock.now()) || (await gateway.isOpen(presence.connectionId))) return;
  await connections.remove(presence.connectionId, { room, shard });
}
