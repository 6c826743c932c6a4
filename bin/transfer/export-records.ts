import { eventsAfter } from '../../lambdas/chat/append.ts';
import type { Account } from '../../lambdas/chat/ports/account-store.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import type { RoomMembers } from '../../lambdas/chat/ports/room-members.ts';
import type { Progress } from './progress.ts';
import { type ArchiveRecord, archived } from './records.ts';

export interface ExportPorts {
  log: EventLog;
  members: RoomMembers;
  progress: Progress;
}

/**
 * A room as it stood when the export began: its members, then its events, and where some of them
 * have expired, from where to where. Page by page, as fast as they are taken.
 *
 * @param after the seq up to which an earlier export came; then the members are left out
 * @throws Error when there is no such room, or `after` is beyond its head
 */
export async function* roomRecords(
  { log, members, progress }: ExportPorts,
  room: string,
  after = 0,
): AsyncGenerator<ArchiveRecord> {
  const { seq: head } = await log.head(room);
  if (head === 0) throw new Error(`Nothing was ever said in a room "${room}". Check its name.`);
  if (after > head) throw new Error(`The newest seq of ${room} is ${head}: --after is beyond it.`);
  if (after === 0) {
    for await (const member of members.list(room)) yield { record: 'member', room, ...member };
  }
  let next = after + 1;
  for await (const event of eventsAfter(log, room, after, head)) {
    if (event.seq > next) yield { record: 'expired', room, from: next, to: event.seq - 1 };
    yield archived(event);
    next = event.seq + 1;
    progress.at(() => `${room}: ${event.seq} of ${head} events`);
  }
  if (next <= head) yield { record: 'expired', room, from: next, to: head };
}

/** @param withHashes whether password hashes go along; without them nobody can log in again */
export async function* accountRecords(
  accounts: AsyncIterable<Account>,
  withHashes: boolean,
): AsyncGenerator<ArchiveRecord> {
  for await (const { passwordHash, ...account } of accounts) {
    yield { record: 'account', ...account, ...(withHashes && { passwordHash }) };
  }
}
