import { ERRORS, ParlorError } from '../../protocol/errors.ts';
import type { Finding } from '../chat/audit.ts';
import type { FanOutReport } from '../chat/ports/fan-out.ts';
import type { ShardReport } from '../chat/post-shard.ts';
import type { ExpiryReport } from '../chat/token-expiry.ts';
import { countRequest } from './count-request.ts';
import type { Observed } from './observed.ts';

/**
 * The log: one line for each request, with a closed vocabulary of results, and never a token, a
 * body or a message's content.
 */
export interface JournalEntry {
  /** Which function or operation. */
  route: string;
  /** `refused` is the client's doing, `failed` is ours. */
  result: 'ok' | 'refused' | 'failed';
  /** From protocol/errors.ts, when refused or failed. */
  code?: string;
  ms: number;
  requestId?: string;
  connectionId?: string;
  userId?: string;
  /**
   * The client's, of REST calls and of sockets that are opened. Of a request that went past the edge
   * it is the one that API Gateway saw.
   */
  address?: string | undefined;
  /**
   * Of a login that failed: the name, hashed with a key. Two lines tell whether they mean the same
   * name, and people type passwords where the name belongs.
   */
  attempted?: string;
  /** The account that a superuser moderates. */
  target?: string;
  room?: string;
  seq?: number;
  fanOut?: Omit<FanOutReport | ShardReport, 'fault'>;
  /** How the audit found a room. */
  finding?: Finding;
  /** How many connections were told of their token's expiry, or closed for it. */
  expiry?: Omit<ExpiryReport, 'fault'>;
  /** For how many minutes a connection that ended had been open. */
  openMinutes?: number;
  /** An unexpected error's name, message and stack, for the operator only. */
  error?: string;
}

export type Journal = (entry: JournalEntry) => void;

/** What a handler adds to its request's line while it works. */
export type Notes = Partial<Omit<JournalEntry, 'route' | 'result' | 'code' | 'ms'>>;

/** Adds a fan-out's outcome to the notes. */
export function noteFanOut(notes: Notes, report: FanOutReport | ShardReport | undefined): void {
  if (!report) return;
  const { fault, ...counts } = report;
  notes.fanOut = counts;
  if (fault !== undefined) notes.error = describe(fault);
}

/** Adds a sweep's outcome to the notes. */
export function noteExpiry(notes: Notes, { fault, ...counts }: ExpiryReport): void {
  notes.expiry = counts;
  if (fault !== undefined) notes.error = describe(fault);
}

/** Runs one request, writes its line and counts it. */
export async function journaled<Result>(
  { journal, meter }: Pick<Observed, 'journal' | 'meter'>,
  route: string,
  notes: Notes,
  request: () => Promise<Result>,
): Promise<Result> {
  const start = performance.now();
  const line = (outcome: Pick<JournalEntry, 'result' | 'code' | 'error'>) => {
    const ms = Math.round(performance.now() - start);
    const entry: JournalEntry = { route, ...outcome, ms, ...notes };
    journal(entry);
    countRequest(meter, entry);
  };
  try {
    const result = await request();
    line({ result: 'ok' });
    return result;
  } catch (error) {
    if (error instanceof ParlorError) {
      const { code, cause } = error;
      const result = ERRORS[code].status < 500 ? 'refused' : 'failed';
      line({ result, code, ...(cause !== undefined && { error: describe(cause) }) });
    } else {
      line({ result: 'failed', code: 'internal', error: describe(error) });
    }
    throw error;
  }
}

/** For the operator only: holds a stack. */
export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}
