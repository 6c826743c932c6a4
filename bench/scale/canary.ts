import type { Usage } from './usage.ts';

/** Every five minutes. */
const RUNS = 30 * 24 * 12;

/** What a run asks of the chat: a test counts it. */
export const CANARY_RUN = {
  handshakes: 2,
  /** That the chat sends: an acknowledgement, and what was said to both sockets. */
  framesHeard: 3,
  framesSaid: 1,
  /** At most: a login and its end, what two clients read when they come, and the history. */
  httpRequests: 7,
} as const;

/** Milliseconds of its own, of 512 MB; and of the login, of 1 GB. */
const OWN_MS = 2_000;
const LOGIN_MS = 600;
const OTHER_MS = 30;

/** What the canary takes in a month, beside what people do. Milliseconds are estimates. */
export function canaryUsage(): Partial<Usage> {
  const { handshakes, framesHeard, framesSaid, httpRequests } = CANARY_RUN;
  // Itself, handshakes and their ends, what it says, the audit that looks after it.
  const small = 2 * handshakes + framesSaid + 1;
  return {
    socketMessages: RUNS * (framesHeard + framesSaid),
    connectionMinutes: RUNS * handshakes,
    httpRequests: RUNS * httpRequests,
    invocations: RUNS * (1 + small + httpRequests),
    gbSeconds: (RUNS * (OWN_MS / 2 + LOGIN_MS + (OTHER_MS * (small + httpRequests)) / 2)) / 1_000,
    // Two connections with their visits and their ends, a message, a login and its end.
    writeUnits: RUNS * 26,
    readUnits: RUNS * 45,
    edgeRequests: RUNS * (httpRequests + handshakes),
    // Of its own; the others find their environments warm, or are counted with what people do.
    secretReads: RUNS / 12,
  };
}
