import { KINDS } from '../../features/kinds.ts';
import { dynamoOverlayStore } from '../../lambdas/aws/overlay-store.ts';
import type { HistoryPorts } from '../../lambdas/chat/history.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import { memoryTable } from '../../local/database.ts';

/** A log on whose messages nothing hangs. */
export const historyOf = (log: EventLog): HistoryPorts => ({
  log,
  overlays: dynamoOverlayStore(memoryTable()),
  kinds: KINDS,
});
