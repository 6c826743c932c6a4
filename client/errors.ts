import type { ErrorCode } from '../protocol/errors.ts';

/** Errors that are this side's own, beside the server's. */
export type ClientErrorCode =
  /** The server could not be reached. */
  | 'unreachable'
  /** What answered is not the chat, or not in this protocol: a proxy, a network's sign-in page. */
  | 'unexpected_answer'
  /** There is no WebSocket, as in Node before 22, and no `platform.openSocket`. */
  | 'no_websocket'
  /** The token source gave none, or the login is over: log in again. */
  | 'signed_out'
  /** The store (IndexedDB, a file) failed. */
  | 'store_failed'
  /** The message was dropped by `discard`. */
  | 'discarded'
  /** The client was closed, or the room left. */
  | 'closed';

export type AnyErrorCode = ErrorCode | ClientErrorCode;

export interface ParlorClientErrorOptions {
  retryable?: boolean;
  status?: number;
  retryAfter?: number;
  fields?: Readonly<Record<string, readonly string[]>>;
  firstKept?: number;
  cause?: unknown;
}

/**
 * Every error of this client. Branch on `code`: it is stable. Codes of the server that this
 * version does not know come as they are.
 */
export class ParlorClientError extends Error {
  override readonly name = 'ParlorClientError';
  readonly code: AnyErrorCode | (string & {});
  /** Whether the same, tried again unchanged, can succeed. */
  readonly retryable: boolean;
  /** The HTTP status, where it came over REST. */
  readonly status: number | undefined;
  /** Seconds after which a retry makes sense, where the server said so. */
  readonly retryAfter: number | undefined;
  /** For a form: field name to sentences. */
  readonly fields: Readonly<Record<string, readonly string[]>> | undefined;
  /** With `after_expired`: the oldest seq that the room still has, or will have next. */
  readonly firstKept: number | undefined;

  /** @param message a sentence for people that says what is wrong and what to do */
  constructor(
    code: ParlorClientError['code'],
    message: string,
    { cause, retryable, ...details }: ParlorClientErrorOptions = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.retryable = retryable ?? isRetryable(code, details.status);
    Object.assign(this, details);
  }
}

/**
 * The server's own rule: what is its trouble, or too much at once, may succeed later. So may what
 * did not get to it: the status is not its own then.
 */
function isRetryable(code: string, status = 0): boolean {
  return code === 'unreachable' || code === 'unexpected_answer' || isTrouble(status);
}

/** Of the server, or of whatever stands before it. */
export const isTrouble = (status: number): boolean => status >= 500 || status === 429;

/**
 * What failed on this side of the wire: a socket, a token source, `fetch`.
 *
 * @param url what was asked. That a server does not let pages of an origin ask looks as if it were
 *   not there: a page that is being developed is told so.
 */
export function asClientError(error: unknown, url?: string): ParlorClientError {
  if (error instanceof ParlorClientError) return error;
  const { origin, hostname = '' } = globalThis.location ?? {};
  const foreign = url && !url.startsWith(origin) && /^(localhost$|127\.)/.test(hostname);
  return new ParlorClientError(
    'unreachable',
    `The server can’t be reached${foreign ? `, or lacks ${origin} in allowedOrigins` : ''}. Try again.`,
    { cause: error },
  );
}

/** What came is none of what PROTOCOL.md knows. */
export const unexpectedAnswer = (): ParlorClientError =>
  new ParlorClientError(
    'unexpected_answer',
    'The answer is not of this protocol. Check the address.',
  );
