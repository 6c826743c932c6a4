import { type ExpiryPorts, type ExpiryReport, sweepExpiringTokens } from '../chat/token-expiry.ts';
import { journaled, type Notes } from './journal.ts';
import type { Observed } from './observed.ts';
import { shell } from './shell.ts';

/** The token-expiry function, called once a minute. */
export function tokenExpiryHandler(services: ExpiryPorts & Observed) {
  return shell<unknown, ExpiryReport>(services).handler(() => {
    const notes: Notes = {};
    return journaled(services, 'token-expiry', notes, async () => {
      const report = await sweepExpiringTokens(services);
      notes.expiry = report;
      return report;
    });
  });
}
