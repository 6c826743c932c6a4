import type { Meter } from '../chat/ports/meter.ts';
import type { JournalEntry } from './journal.ts';

/** Counts what a request's line tells, so that for each of these counts there are lines to look at. */
export function countRequest(meter: Meter, entry: JournalEntry): void {
  const { route, result, finding, expiry, openMinutes } = entry;
  if (result === 'failed') meter.count('Errors');
  if (expiry?.failed) meter.count('ExpiryFailures', expiry.failed);
  if (finding === 'rescued') meter.count('AuditRescues');
  if (route === '$connect' && result === 'ok') meter.count('ConnectionsOpened');
  if (route === '$connect' && result === 'refused') meter.count('ConnectionsRefused');
  if (route === '$disconnect' && result === 'ok') meter.count('ConnectionsClosed');
  if (openMinutes !== undefined) meter.count('ConnectionMinutes', openMinutes);
}
