import { type AuditPorts, auditRoom, type Finding, type Sighting } from '../chat/audit.ts';
import { journaled, type Notes, noteFanOut } from './journal.ts';
import type { Observed } from './observed.ts';
import { shell } from './shell.ts';

/** The parts of a DynamoDB stream's event that are used here; the stream carries keys only. */
export interface StreamEvent {
  Records: {
    eventName?: string;
    dynamodb?: { Keys?: { pk?: { S?: string } }; SequenceNumber?: string };
  }[];
}

/** Lambda's partial batch response: it tries again from the first record that is named. */
export interface StreamAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

export interface AuditServices extends AuditPorts, Observed {
  /** What a key of the table tells. */
  sightingOf: (pk: string) => Sighting | undefined;
}

/** The audit function: reads what was written and sees to it that it is pumped. */
export function auditHandler(services: AuditServices) {
  return shell<StreamEvent, StreamAnswer>(services).handler(async ({ Records }) => {
    const rooms = roomsOf(Records, services.sightingOf);
    const failures = await Promise.all(
      [...rooms].map(async ([room, { kinds, first }]) => {
        const finding = await audit(services, room, kinds);
        return finding === 'behind' ? [{ itemIdentifier: first }] : [];
      }),
    );
    return { batchItemFailures: failures.flat() };
  });
}

interface Sightings {
  kinds: Set<Sighting['kind']>;
  /** The sequence number of its first record. */
  first: string;
}

function roomsOf(
  records: StreamEvent['Records'],
  sightingOf: AuditServices['sightingOf'],
): Map<string, Sightings> {
  const rooms = new Map<string, Sightings>();
  for (const { eventName, dynamodb } of records) {
    const sighting = eventName === 'INSERT' && sightingOf(dynamodb?.Keys?.pk?.S ?? '');
    if (!sighting) continue;
    const known = rooms.get(sighting.room);
    const seen = known ?? { kinds: new Set(), first: dynamodb?.SequenceNumber ?? '' };
    seen.kinds.add(sighting.kind);
    rooms.set(sighting.room, seen);
  }
  return rooms;
}

/** A room that fails is told by its line, looked at again, and keeps no other from its turn. */
async function audit(
  services: AuditServices,
  room: string,
  kinds: ReadonlySet<Sighting['kind']>,
): Promise<Finding> {
  const notes: Notes = { room };
  return await journaled(services, 'audit', notes, async () => {
    const finding = await auditRoom(services, room, kinds, (report) => noteFanOut(notes, report));
    notes.finding = finding;
    return finding;
    // Written down by `journaled`.
  }).catch((): Finding => 'behind');
}
