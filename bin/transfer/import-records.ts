import type { LookAlikePorts } from '../../lambdas/chat/look-alikes.ts';
import type { RoomMembers } from '../../lambdas/chat/ports/room-members.ts';
import { type ProjectPorts, project } from '../../lambdas/chat/project.ts';
import { jsonBytes } from '../../lambdas/chat/size.ts';
import { importAccount } from './import-account.ts';
import type { Progress } from './progress.ts';
import { type ArchivedEvent, type ArchiveRecord, eventOf, type Located } from './records.ts';
import {
  openRoomImport,
  type PutReport,
  type RoomImport,
  type RoomImportPorts,
} from './room-import.ts';

export interface ImportPorts extends RoomImportPorts, ProjectPorts, LookAlikePorts {
  members: RoomMembers;
  progress: Progress;
  /** Whether the log keeps what is put for a time only. */
  expiring?: boolean;
}

/** What was new or is gone; all else was there already. */
export interface ImportReport {
  accounts: number;
  members: number;
  events: number;
  /** Users of another issuer who were told whose account they have; undefined for none. */
  links?: number;
  /** Events that the chat had once and has no more: they have expired there, or were deleted. */
  gone: number;
  /** How many records were read, without those of what has expired. */
  records: number;
}

/**
 * So many bytes of events stand in one item together: as many as one read unit brings, so that
 * history reads hardly more than it shows, and ten times as fast as one by one. They are far fewer
 * than GROUP_EVENTS.
 */
const GROUP_BYTES = 4_000;

/** And of so long a time: where they expire, they do so with the first of them. */
const GROUP_MS = 60 * 60 * 1_000;

/**
 * Writes records. Whatever is there already stays as it is, so the same records can be imported
 * again, after a failure or for no reason.
 *
 * @throws Error that names the record which can't be imported; those before it are
 */
export async function importRecords(
  ports: ImportPorts,
  records: AsyncIterable<Located>,
): Promise<ImportReport> {
  const report: ImportReport = { accounts: 0, members: 0, events: 0, gone: 0, records: 0 };
  let room: { name: string; import: RoomImport } | undefined;
  try {
    for await (const { batch, place } of inBatches(records, ports.expiring ?? false)) {
      const [first] = batch;
      if (first?.record !== 'expired') report.records += batch.length;
      if (first?.record !== 'event' && first?.record !== 'expired') {
        for (const record of batch) await importOther(ports, record, report);
        continue;
      }
      if (room?.name !== first.room) {
        await room?.import.close();
        room = undefined;
        room = { name: first.room, import: await openRoomImport(ports, first.room) };
      }
      const { put, gone } = await importInto(ports, room.import, batch).catch((fault: unknown) => {
        throw new Error(`${place}: ${fault instanceof Error ? fault.message : fault}`);
      });
      report.events += put;
      report.gone += gone;
      const seq = first.record === 'expired' ? first.to : first.seq + batch.length - 1;
      ports.progress.at(() => `${first.room}: up to seq ${seq}; ${report.records} records`);
    }
  } finally {
    await room?.import.close();
  }
  return report;
}

const isEvent = (record: ArchiveRecord) => record.record === 'event';

async function importInto(
  ports: ImportPorts,
  room: RoomImport,
  batch: readonly ArchiveRecord[],
): Promise<PutReport> {
  const [first] = batch;
  if (first?.record === 'expired') {
    await room.passOver(first.from, first.to);
    return { put: 0, gone: 0 };
  }
  const events = batch.filter(isEvent).map(eventOf);
  const report = await room.put(events);
  // Nobody else folds them: they count as pumped. Also those that were there, should this be a second try.
  const [event] = events;
  if (event) await project(ports, event.room, events);
  return report;
}

async function importOther(
  ports: ImportPorts,
  record: ArchiveRecord,
  report: ImportReport,
): Promise<void> {
  if (record.record === 'member') {
    const { record: _kind, room, ...member } = record;
    if ((await ports.members.add(room, member)) === 'added') report.members++;
  } else if (record.record === 'account') {
    if ((await importAccount(ports, record)) !== 'created') return;
    if (record.linkedTo === undefined) report.accounts++;
    else report.links = (report.links ?? 0) + 1;
  }
}

/** Consecutive events of a room together, up to a group; everything else by itself. */
async function* inBatches(
  records: AsyncIterable<Located>,
  expiring: boolean,
): AsyncGenerator<{ batch: ArchiveRecord[]; place: string }> {
  let batch: ArchivedEvent[] = [];
  let bytes = 0;
  let place = '';
  for await (const located of records) {
    const { record } = located;
    const size = record.record === 'event' ? jsonBytes(record) : 0;
    const last = batch.at(-1);
    const joins =
      record.record === 'event' &&
      record.room === last?.room &&
      record.seq === last.seq + 1 &&
      (!expiring || record.at - (batch[0]?.at ?? 0) <= GROUP_MS);
    if (last && !(joins && bytes + size <= GROUP_BYTES)) {
      yield { batch, place };
      batch = [];
      bytes = 0;
    }
    if (record.record !== 'event') {
      yield { batch: [record], place: located.place };
      continue;
    }
    if (batch.length === 0) place = located.place;
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) yield { batch, place };
}
