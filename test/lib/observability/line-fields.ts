import type { FanOutReport } from '../../../lambdas/chat/ports/fan-out.ts';
import type { JournalEntry } from '../../../lambdas/edge/journal.ts';

/** Every word that a line of the log may have, by the types of those who write it. */
const LINE: Record<keyof JournalEntry, true> = {
  ...{ route: true, result: true, code: true, ms: true, requestId: true, connectionId: true },
  ...{
    userId: true,
    address: true,
    attempted: true,
    target: true,
    room: true,
    seq: true,
    fanOut: true,
    finding: true,
    expiry: true,
  },
  ...{ openMinutes: true, error: true },
};

const FAN_OUT: Record<Exclude<keyof FanOutReport, 'fault'>, true> = {
  ...{ by: true, delivered: true, gone: true, slow: true, failed: true },
};

/** As questions to the log name them. */
export const LINE_FIELDS: ReadonlySet<string> = new Set([
  ...[...Object.keys(LINE), 'function_request_id'],
  ...Object.keys(FAN_OUT).map((name) => `fanOut.${name}`),
]);
