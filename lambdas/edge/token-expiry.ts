import { type ExpiryPorts, type ExpiryReport, sweepExpiringTokens } from '../chat/token-expiry.ts';
import { type Journal, journaled, type Notes } from './journal.ts';
import { shell } from './shell.ts';

/** The token-expiry function, called once a minute. */
export function tokenExpiryHandler(services: ExpiryPorts & { journal: Journal }) {
  return shell<unknown, ExpiryReport>().handler(() => {
    const notes: Notes = {};
    return journaled(services.journal, 'token-expiry', notes, async () => {
      const report = await sweepExpiringTokens(services);
      notes.expiry = report;
      return report;
    });
  });
}
