import { type ExpiryPorts, sweepExpiringTokens } from '../chat/token-expiry.ts';
import { journaled, type Notes, noteExpiry } from './journal.ts';
import type { Observed } from './observed.ts';
import { shell } from './shell.ts';

/** The token-expiry function, called once a minute. It fails where nothing that it did succeeds. */
export function tokenExpiryHandler(services: ExpiryPorts & Observed) {
  return shell<unknown, Notes['expiry']>(services).handler(() => {
    const notes: Notes = {};
    return journaled(services, 'token-expiry', notes, async () => {
      const report = await sweepExpiringTokens(services);
      noteExpiry(notes, report);
      if (report.failed > 0 && report.told + report.closed === 0) throw report.fault;
      return notes.expiry;
    });
  });
}
