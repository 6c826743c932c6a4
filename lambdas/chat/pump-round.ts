import { PAGE_MAX, ROUND_BYTES, SHARD_CONNECTIONS } from '../../protocol/limits.ts';
import { eventsAfter } from './append.ts';
import { appendDrafts, type DraftPorts } from './append-drafts.ts';
import { countersOf } from './counters.ts';
import type { RoomEvent } from './event.ts';
import { eventFrames, framedBytes } from './event-frames.ts';
import { allEnded } from './parallel.ts';
import type { FanOutReport } from './ports/fan-out.ts';
import type { Lease, LeaseStore, Progress } from './ports/lease-store.ts';
import type { Meter } from './ports/meter.ts';
import type { Relay } from './ports/relay.ts';
import { type PostPorts, postShard, type ShardReport, type ShardTask } from './post-shard.ts';
import { type ProjectPorts, project } from './project.ts';
import { LEASE_MS, LONGEST_LEASE_MS } from './pump-budget.ts';
import { type Bound, within } from './size.ts';

/** No post begins so shortly before the lease runs out: one may take its deadline of 3 s. */
const LEASE_MARGIN_MS = 4_000;

export interface PumpPorts extends PostPorts, DraftPorts, ProjectPorts {
  leases: LeaseStore;
  relay: Relay;
  meter: Meter;
  /**
   * Requests per second that one room may make of the account's 10,000, which HTTP requests,
   * WebSocket messages and posts share. 5,000 leaves half for everything else; a room of 10,000
   * members then gets a round every two seconds. Divided among the room's shards.
   */
  roomPostsPerSecond: number;
}

/** Events of one round. A task with as many long ones as a page has would be refused by Lambda. */
const ROUND: Bound<RoomEvent> = { count: PAGE_MAX, bytes: ROUND_BYTES, bytesOf: framedBytes };

/** With what the next round begins. */
export interface NextRound {
  lease: Lease;
  /** Events that are in the log and have not been posted, as far as they have been read. */
  known: readonly RoomEvent[];
  /** Whether the log may hold more behind them. */
  more: boolean;
}

/**
 * @param held.known what was just appended or read, which saves reading it
 * @returns what the next round begins with, when there is, or may be, more; `done` when the lease
 *   was given up or lost
 */
export async function pumpRound(
  ports: PumpPorts,
  held: NextRound,
  report: FanOutReport,
): Promise<NextRound | 'done'> {
  const lease = await longEnough(ports, held.lease);
  if (lease === 'lost') return 'done';
  const drained = await drain(ports, lease);
  await foldSkipped(ports, lease);
  const past = await eventsPast(ports, lease, held.known);
  // A text that was changed may be longer than the first.
  const events = within(await project(ports, lease.room, within(past, ROUND)), ROUND);
  const known = past.slice(events.length);
  const round = await postRound(ports, lease, events);
  addTo(report, round);
  const last = events.at(-1);
  const progress: Progress = {
    pumped: last?.seq ?? lease.pumped,
    counters: last ? countersOf(last) : lease.counters,
    drained,
    members: events.length > 0 ? round.members : lease.members,
    // By the average: who came early stays in the shard that was there then.
    shards: round.members > SHARD_CONNECTIONS * lease.shards ? lease.shards * 2 : lease.shards,
  };

  // Where several came at once more will come; else this was probably all.
  const mayBeAll = past.length < 2 && !held.more && lease.drained === lease.drafts;
  if (mayBeAll && (await ports.leases.release(lease, progress)) !== 'wanted') return 'done';
  const renewed = await ports.leases.advance(lease, progress, ports.clock.now() + LEASE_MS);
  if (renewed === 'lost') return 'done';
  if (drained !== lease.drained) await lookOnceMore(ports, renewed);
  return { lease: renewed, known, more: known.length > 0 };
}

/**
 * Until it was written that all drafts are in the log, writers relied on being seen without a word
 * (`isDraining`). One may have left its draft after the inbox was read: that is told now.
 */
async function lookOnceMore({ inbox, leases, clock }: PumpPorts, lease: Lease): Promise<void> {
  const left = await inbox.read(lease.room, 1);
  if (left.length === 0) return;
  await leases.mark(lease.room, clock.now(), true);
  // So says the item now, for whoever it is handed on to.
  lease.drafts += 1;
}

/** A lease that lasts for a round of the room's size, with as much again for what goes wrong. */
async function longEnough(ports: PumpPorts, lease: Lease): Promise<Lease | 'lost'> {
  const roundMs = (1_000 * lease.members) / ports.roomPostsPerSecond;
  const wanted = Math.min(LONGEST_LEASE_MS, 2 * roundMs + LEASE_MARGIN_MS);
  if (wanted <= LEASE_MS) return lease;
  return await ports.leases.advance(lease, lease, ports.clock.now() + wanted);
}

/** Brings the inbox into the log, if drafts were left there. @returns the lease's new `drained` */
async function drain(ports: PumpPorts, lease: Lease): Promise<number> {
  if (lease.drafts === lease.drained) return lease.drained;
  return (await appendDrafts(ports, lease.room)) === 'all' ? lease.drafts : lease.drained;
}

/** What a version that folds nothing has pumped, while functions were being replaced. */
async function foldSkipped(ports: PumpPorts, { room, folded, pumped }: Lease): Promise<void> {
  if (folded === pumped) return;
  let events: RoomEvent[] = [];
  for await (const event of eventsAfter(ports.log, room, folded, pumped)) {
    events.push(event);
    if (events.length < PAGE_MAX) continue;
    await project(ports, room, events);
    events = [];
  }
  await project(ports, room, events);
}

async function eventsPast(
  { log }: PumpPorts,
  { room, pumped }: Lease,
  known: readonly RoomEvent[],
): Promise<readonly RoomEvent[]> {
  const past = known.filter(({ seq }) => seq > pumped);
  if (known.length > 0 && (past.length === 0 || past[0]?.seq === pumped + 1)) return past;
  return await log.readForward(room, pumped, PAGE_MAX);
}

async function postRound(
  ports: PumpPorts,
  lease: Lease,
  events: readonly RoomEvent[],
): Promise<ShardReport> {
  const { room, shards, until } = lease;
  const total: ShardReport = { ...NO_POSTS };
  if (events.length === 0) return total;

  const frames = eventFrames(events);
  const postsPerSecond = ports.roomPostsPerSecond / shards;
  const tasks = Array.from(
    { length: shards },
    (_, shard): ShardTask => ({
      room,
      shard,
      frames,
      until: until - LEASE_MARGIN_MS,
      postsPerSecond,
    }),
  );
  const began = ports.clock.now();
  const parts = await allEnded(tasks.map((task) => postTask(ports, task, shards)));
  for (const part of parts) {
    total.members += part.members;
    addTo(total, part);
  }
  ports.meter.measure('FanOutSize', total.members);
  ports.meter.measure('FanOutTime', ports.clock.now() - began);
  return total;
}

/** A single shard is posted from here, several by a worker each; by this one if theirs fails. */
async function postTask(ports: PumpPorts, task: ShardTask, shards: number): Promise<ShardReport> {
  if (shards === 1) return await postShard(ports, task);
  try {
    return await ports.relay.postShard(task);
  } catch (fault) {
    const report = await postShard(ports, task);
    return { ...report, fault: report.fault ?? fault };
  }
}

const NO_POSTS: ShardReport = { members: 0, delivered: 0, gone: 0, slow: 0, failed: 0 };

type Counts = Pick<FanOutReport, 'delivered' | 'gone' | 'slow' | 'failed' | 'fault'>;

function addTo(total: Counts, part: Counts): void {
  total.delivered += part.delivered;
  total.gone += part.gone;
  total.slow += part.slow;
  total.failed += part.failed;
  total.fault ??= part.fault;
}
