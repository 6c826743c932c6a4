import type { Meter } from '../chat/ports/meter.ts';
import type { JournalEntry } from './journal.ts';

/** Counts what a request's line tells, so that for each of these counts there are lines to look at. */
export function countRequest(meter: Meter, entry: JournalEntry): void {
  const { route, result, code, finding, expiry, openMinutes } = entry;
  if (isOfClient(route)) meter.count('Requests');
  if (isOfClient(route) && result === 'refused') meter.count('RequestsRefused');
  if (code === 'direct_access') meter.count('DirectAccess');
  if (isLogin(route) && result === 'refused') meter.count('LoginsRefused');
  if (route === 'register' && result === 'ok') meter.count('Registrations');
  if (result === 'failed') meter.count('Errors');
  if (expiry?.failed) meter.count('ExpiryFailures', expiry.failed);
  if (finding === 'rescued') meter.count('AuditRescues');
  if (route === '$connect' && result === 'ok') meter.count('ConnectionsOpened');
  if (route === '$connect' && result === 'refused') meter.count('ConnectionsRefused');
  if (route === '$disconnect' && result === 'ok') meter.count('ConnectionsClosed');
  if (openMinutes !== undefined) meter.count('ConnectionMinutes', openMinutes);
}

const isLogin = (route: string) => route === 'login' || route === 'obtainToken';

/** What no client asks for has a name of its own: "audit", "token-expiry", "canary", "fanout resume". */
const isOfClient = (route: string) => !/^(audit|token-expiry|canary|fanout )/.test(route);
