import { dynamoInbox } from '../../lambdas/aws/inbox.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { countersOf, NO_COUNTERS } from '../../lambdas/chat/counters.ts';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import type { Clock } from '../../lambdas/chat/ports/clock.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import type { Inbox } from '../../lambdas/chat/ports/inbox.ts';
import type { LeaseStore } from '../../lambdas/chat/ports/lease-store.ts';
import { memoryTable } from '../../local/database.ts';
import type { seededRandom } from './virtual-time.ts';

/** What one room cost. A write whose condition fails costs as much as one that is done. */
export interface Usage {
  reads: number;
  logWrites: number;
  logUnits: number;
  leaseWrites: number;
  inboxWrites: number;
}

export interface SimulatedTable {
  log: EventLog;
  inbox: Inbox;
  leases: LeaseStore;
  usage: Usage;
  /** All events, in order. */
  events: readonly RoomEvent[];
}

/** An event's item has some 400 bytes here. */
const UNIT_BYTES = 1_024;

/** One room's part of the table, whose every call takes 3 ms and a little more. */
export function simulatedTable(
  clock: Clock,
  random: ReturnType<typeof seededRandom>,
): SimulatedTable {
  const usage: Usage = { reads: 0, logWrites: 0, logUnits: 0, leaseWrites: 0, inboxWrites: 0 };
  const { log, events } = fastLog();

  /** The effect comes somewhere on the way. */
  async function call<Result>(work: () => Promise<Result>): Promise<Result> {
    const latency = 3 + random.exponential(1.5);
    const before = random.fraction() * latency;
    await clock.sleep(before);
    const result = await work();
    await clock.sleep(latency - before);
    return result;
  }
  function read<Result>(work: () => Promise<Result>): Promise<Result> {
    usage.reads++;
    return call(work);
  }
  function write<Result>(
    kind: 'leaseWrites' | 'inboxWrites',
    work: () => Promise<Result>,
  ): Promise<Result> {
    usage[kind]++;
    return call(work);
  }

  const table = memoryTable();
  const inbox = dynamoInbox(table);
  const leases = dynamoLeaseStore(table);
  return {
    usage,
    events,
    log: {
      put(first, ...rest) {
        usage.logWrites++;
        usage.logUnits += Math.ceil(JSON.stringify([first, ...rest]).length / UNIT_BYTES);
        return call(() => log.put(first, ...rest));
      },
      readForward: (...args) => read(() => log.readForward(...args)),
      readBackward: (...args) => read(() => log.readBackward(...args)),
      head: (room) => read(() => log.head(room)),
    },
    inbox: {
      leave: (draft) => write('inboxWrites', () => inbox.leave(draft)),
      read: (...args) => read(() => inbox.read(...args)),
      // One call for each, side by side.
      remove: async (drafts) => {
        await Promise.all(drafts.map((draft) => write('inboxWrites', () => inbox.remove([draft]))));
      },
    },
    leases: {
      take: (...args) => write('leaseWrites', () => leases.take(...args)),
      mark: (...args) => write('leaseWrites', () => leases.mark(...args)),
      claim: (...args) => write('leaseWrites', () => leases.claim(...args)),
      advance: (...args) => write('leaseWrites', () => leases.advance(...args)),
      release: (...args) => write('leaseWrites', () => leases.release(...args)),
      noteHead: (...args) => write('leaseWrites', () => leases.noteHead(...args)),
      find: (room) => read(() => leases.find(room)),
      shards: (room) => read(() => leases.shards(room)),
    },
  };
}

/** The log of one room in memory, for hundreds of thousands of reads. */
function fastLog(): { log: EventLog; events: readonly RoomEvent[] } {
  const events: RoomEvent[] = [];
  /** Keys of items: the seq of the first event in each. */
  const keys = new Set<number>();
  let crowded = false;
  return {
    events,
    log: {
      async put(first, ...rest) {
        if (keys.has(first.seq)) return 'taken';
        if (first.seq !== events.length + 1) throw new Error('The log would not be dense.');
        keys.add(first.seq);
        events.push(first, ...rest);
        crowded = rest.length > 0;
        return 'stored';
      },
      readForward: async (_, after, limit) => events.slice(after, after + limit),
      readBackward: async () => [],
      async head() {
        const last = events.at(-1);
        if (!last) return { seq: 0, at: 0, ...NO_COUNTERS };
        const head = { seq: last.seq, at: last.at, ...countersOf(last) };
        return crowded ? { ...head, crowded } : head;
      },
    },
  };
}
