import type { Clock } from './ports/clock.ts';
import type { EventLog } from './ports/event-log.ts';
import type { FanOut, FanOutReport } from './ports/fan-out.ts';
import type { LeaseStore } from './ports/lease-store.ts';
import { LEASE_MS } from './pump-budget.ts';

export interface AuditPorts {
  leases: LeaseStore;
  log: EventLog;
  fanOut: FanOut;
  clock: Clock;
}

/** What was seen to have been written to a room. */
export interface Sighting {
  room: string;
  /** An event in its log, or a draft in its inbox. */
  kind: 'event' | 'draft';
}

/** How a room was found, or left. */
export type Finding = 'pumped' | 'rescued' | 'behind';

/** A holder that lives renews or gives up well within this. */
const PATIENCE_MS = LEASE_MS + 5_000;
const LOOK_EVERY_MS = 500;

/**
 * Sees to it that what was written to a room is pumped, if its writer died before it could, or a
 * pump died holding the lease. Called some seconds after the writing, for nearly always a pump
 * has long been there. In busy times it is called sooner, for a full batch waits for nothing: so
 * whoever is behind is looked at twice before he is taken for dead.
 *
 * That the lease is held proves nothing: its holder may be dead. So it is watched until the room
 * has been pumped as far as it had grown when the audit began, or until the lease runs out.
 *
 * @param onPumped told how posting went, where the audit did it
 * @returns `behind` if neither came in time: look again
 */
export async function auditRoom(
  ports: AuditPorts,
  room: string,
  kinds: ReadonlySet<Sighting['kind']>,
  onPumped: (report: FanOutReport) => void = () => {},
): Promise<Finding> {
  const { leases, log, clock, fanOut } = ports;
  const deadline = clock.now() + PATIENCE_MS;
  const drafted = kinds.has('draft');
  const head = await log.head(room);
  let rescued = false;
  const wake = async (isBehind: boolean) => {
    const report = await fanOut.wake(room, drafted);
    const { by, delivered } = report;
    if (by === 'self') onPumped(report);
    // A room in which all is well is woken too, when drafts were seen.
    if (by === 'relay' || by === 'self') rescued ||= isBehind || delivered > 0;
  };
  // A draft's writer may have died before it told of it: then the lease knows of no draft.
  if (drafted) await wake(false);
  const { drafts } = await leases.find(room);
  for (let looks = 0; ; looks++) {
    const { pumped, drained } = await leases.find(room);
    if (pumped >= head.seq && drained >= drafts) return rescued ? 'rescued' : 'pumped';
    if (clock.now() >= deadline) {
      await leases.noteHead(room, head);
      return 'behind';
    }
    if (looks > 0) await wake(true);
    await clock.sleep(LOOK_EVERY_MS);
  }
}
