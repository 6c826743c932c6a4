import { isDeepStrictEqual } from 'node:util';
import { type Counters, countersOf } from '../../lambdas/chat/counters.ts';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import type { Clock, Random } from '../../lambdas/chat/ports/clock.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import type { Lease, LeaseStore, LogEnd } from '../../lambdas/chat/ports/lease-store.ts';
import { LEASE_MS, LONGEST_LEASE_MS } from '../../lambdas/chat/pump-budget.ts';

export interface RoomImportPorts {
  log: EventLog;
  leases: LeaseStore;
  clock: Clock;
  random: Random;
}

/** What became of events; all others of them were there already. */
export interface PutReport {
  /** How many are new. */
  put: number;
  /** How many the room had once and has no more: they have expired there, or were deleted. */
  gone: number;
}

/** Puts the events of one room back in its log. */
export interface RoomImport {
  /**
   * The next events, oldest first, at most GROUP_EVENTS. Those that are there already are compared;
   * the others are put behind them.
   *
   * @throws Error when the room holds something else at such a seq, or ends before the first
   */
  put(events: readonly RoomEvent[]): Promise<PutReport>;
  /**
   * Leaves room for events that had expired when they were to be exported: what follows them keeps
   * its seqs, and who asks for them is told that they are gone.
   *
   * @param counters what the last of them counted. Default: all were messages.
   * @throws Error when the room ends before the first of them, or among them
   */
  passOver(from: number, to: number, counters?: Counters): Promise<void>;
  /** Ends it, also after a failure. */
  close(): Promise<void>;
}

const POLL_MS = 500;

/**
 * Begins to import a room. While it writes it holds the room's lease and moves `pumped` along, so
 * that what was said long ago is not brought to connections as if it were new. If it dies, the
 * lease runs out; the import that is run again finds what is there and goes on behind it.
 */
export async function openRoomImport(ports: RoomImportPorts, room: string): Promise<RoomImport> {
  const { log, leases, clock } = ports;
  let head: LogEnd = await log.head(room);
  let lease: Lease | undefined;

  /** @returns how many of them are gone */
  async function checkThere(events: readonly RoomEvent[], hint: string): Promise<number> {
    const [first] = events;
    if (!first) return 0;
    const read = await log.readForward(room, first.seq - 1, events.length);
    const there = new Map(read.map((event) => [event.seq, event]));
    const known = events.filter(({ seq }) => there.has(seq));
    const differing = known.find((event) => !isSame(there.get(event.seq), event));
    if (differing) {
      throw new Error(`The room ${room} holds something else at seq ${differing.seq}. ${hint}`);
    }
    return events.length - known.length;
  }

  async function append(events: readonly RoomEvent[]): Promise<void> {
    const [first, ...rest] = events;
    const last = events.at(-1);
    if (!first || !last) return;
    lease = await holdLease(ports, room, lease, head);
    if ((await log.put(first, ...rest)) === 'taken') {
      // It may be this very put, tried again because its answer was lost.
      await checkThere(events, 'Somebody wrote to it during the import: keep people out.');
    }
    head = { seq: last.seq, ...countersOf(last) };
  }

  function requireReached(first: number): void {
    if (first <= head.seq + 1) return;
    throw new Error(
      `The room ${room} ends at seq ${head.seq}, and this goes on at ${first}. Import what is between first.`,
    );
  }

  return {
    async put(events) {
      requireReached(events[0]?.seq ?? head.seq + 1);
      const there = events.filter(({ seq }) => seq <= head.seq);
      const missing = events.slice(there.length);
      const hint = 'It is not empty: import into an empty room, or leave it out.';
      const gone = await checkThere(there, hint);
      await append(missing);
      return { put: missing.length, gone };
    },

    async passOver(from, to, counters = { ...head, n: head.n + to - head.seq, m: to }) {
      requireReached(from);
      if (to <= head.seq) return;
      if (from <= head.seq) {
        throw new Error(
          `The room ${room} ends at seq ${head.seq}, and what was exported had expired up to seq ${to}: whether it is the same room can't be told. Import into an empty room, or export again with --after ${head.seq}.`,
        );
      }
      const reached = { seq: to, ...countersOf(counters) };
      await leases.noteHead(room, reached);
      // A writer that had read the head before may have put behind the old one.
      const [other] = await log.readForward(room, head.seq, 1);
      if (other) {
        throw new Error(`Somebody wrote to the room ${room} during the import: keep people out.`);
      }
      head = reached;
    },

    async close() {
      if (!lease) return;
      const progress = { ...lease, ...furthest(lease, head) };
      // Marked meanwhile: whoever comes next need not wait until the lease runs out.
      const wanted = (await leases.release(lease, progress)) === 'wanted';
      if (wanted) await leases.advance(lease, progress, clock.now());
    },
  };
}

/** What was erased, here or there, can't be compared: then its id says that it is the same. */
function isSame(there: RoomEvent | undefined, event: RoomEvent): boolean {
  if (!there?.erased && !event.erased) return isDeepStrictEqual(there, event);
  return there?.id === event.id && there.clientId === event.clientId;
}

const furthest = (lease: Lease, head: LogEnd): Pick<Lease, 'pumped' | 'counters'> =>
  head.seq > lease.pumped ? { pumped: head.seq, counters: countersOf(head) } : lease;

/** Takes the lease, or renews it when half of its time is gone. */
async function holdLease(
  { leases, clock, random }: RoomImportPorts,
  room: string,
  held: Lease | undefined,
  head: LogEnd,
): Promise<Lease> {
  const now = clock.now();
  if (held) {
    if (held.until - now > LEASE_MS / 2) return held;
    const progress = { ...held, ...furthest(held, head) };
    const renewed = await leases.advance(held, progress, now + LEASE_MS);
    if (renewed !== 'lost') return renewed;
    throw new Error(`The import of ${room} was too slow and lost its place. Run it again.`);
  }
  for (let waited = 0; waited <= LONGEST_LEASE_MS; waited += POLL_MS) {
    const at = clock.now();
    const lease = await leases.take(room, random.id(), at, at + LEASE_MS, false);
    if (lease !== 'held') return lease;
    await clock.sleep(POLL_MS);
  }
  throw new Error(`The room ${room} is in use. Import it while nobody writes there.`);
}
