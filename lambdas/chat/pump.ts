import type { RoomEvent } from './event.ts';
import type { FanOut, FanOutReport } from './ports/fan-out.ts';
import type { Lease } from './ports/lease-store.ts';
import { isSpent, LEASE_MS, type PumpBudget } from './pump-budget.ts';
import { type NextRound, type PumpPorts, pumpRound } from './pump-round.ts';

/**
 * The room's one pump: whoever holds its lease reads the log past `pumped`, posts, moves `pumped`,
 * and goes on until nothing is left. What is appended meanwhile goes out together in the next
 * round, so a busy room costs by time and members, not by messages times members.
 */

/** Take and mark can each find that the other would have been right; then they swap, not for ever. */
const TRIES = 10;

/**
 * Pumps of one function.
 *
 * @param budget asked at the beginning of each pump
 */
export function roomPump(ports: PumpPorts, budget: () => PumpBudget): FanOut {
  return {
    deliver: (event) => pumpOrMark(ports, event.room, budget(), event, false),
    wake: (room, drafted) => pumpOrMark(ports, room, budget(), undefined, drafted),
  };
}

/** Pumps a room whose lease was handed on. A second invocation with the same ticket does nothing. */
export async function resumePump(
  ports: PumpPorts,
  room: string,
  ticket: string,
  budget: PumpBudget,
): Promise<FanOutReport> {
  const report = newReport();
  await withFaultsIn(report, async () => {
    const until = ports.clock.now() + LEASE_MS;
    const lease = await ports.leases.claim(room, ticket, ports.random.id(), until);
    if (lease !== 'lost') await pump(ports, lease, budget, undefined, report);
  });
  return report;
}

/**
 * Takes the lease and pumps, or makes sure that its holder looks again before it goes.
 *
 * @param event one that was just appended, which saves reading it
 * @param drafted whether a draft was left in the inbox
 */
async function pumpOrMark(
  ports: PumpPorts,
  room: string,
  budget: PumpBudget,
  event: RoomEvent | undefined,
  drafted: boolean,
): Promise<FanOutReport> {
  const report = newReport();
  await withFaultsIn(report, async () => {
    if (drafted && (await isDraining(ports, room))) {
      report.by = 'holder';
      return;
    }
    for (let tries = 0; tries < TRIES; tries++) {
      const now = ports.clock.now();
      const owner = ports.random.id();
      const lease = await ports.leases.take(room, owner, now, now + LEASE_MS, drafted);
      if (lease !== 'held') {
        await pump(ports, lease, budget, event, report);
        return;
      }
      if ((await ports.leases.mark(room, ports.clock.now(), drafted)) === 'marked') {
        report.by = 'holder';
        return;
      }
    }
  });
  return report;
}

/**
 * Whether somebody is putting the room's drafts in the log. He looks at the inbox once more after
 * he has written that all are in it, so a draft that was left before this was read is seen: a
 * thousand writers a second need no write of the one lease to tell of theirs.
 */
async function isDraining({ leases, clock }: PumpPorts, room: string): Promise<boolean> {
  const { owner, until, drafts, drained } = await leases.find(room);
  return owner !== '' && until > clock.now() && drafts !== drained;
}

async function pump(
  ports: PumpPorts,
  taken: Lease,
  budget: PumpBudget,
  appended: RoomEvent | undefined,
  report: FanOutReport,
): Promise<void> {
  report.by = 'self';
  let held: NextRound = { lease: taken, known: appended ? [appended] : [], more: false };
  try {
    for (let rounds = 0; ; rounds++) {
      const { lease } = held;
      if (isSpent(budget, lease, rounds, ports.clock.now()) && (await handOn(ports, lease, report)))
        return;
      const next = await pumpRound(ports, held, report);
      if (next === 'done') return;
      held = next;
    }
  } catch (fault) {
    // The next pump need not wait until the lease runs out: it ends now. `pumped` stays where
    // it was: what this round has posted is posted again. If that fails too, the lease runs out by
    // itself; the fault that is told is the first.
    await ports.leases.advance(held.lease, held.lease, ports.clock.now()).catch(() => undefined);
    throw fault;
  }
}

/** @returns false when it could not be handed on: then this worker goes on as long as it lives */
async function handOn(ports: PumpPorts, lease: Lease, report: FanOutReport): Promise<boolean> {
  try {
    await ports.relay.handOn(lease.room, lease.owner);
    ports.meter.count('PumpHandovers');
    report.by = 'relay';
    return true;
  } catch (fault) {
    report.fault ??= fault;
    return false;
  }
}

function newReport(): FanOutReport {
  return { by: 'nobody', delivered: 0, gone: 0, slow: 0, failed: 0 };
}

/** Whatever fails here, the lease runs out and the audit takes it up. */
async function withFaultsIn(report: FanOutReport, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (fault) {
    report.failed++;
    report.fault ??= fault;
  }
}
