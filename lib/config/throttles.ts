import type { Context } from './context.ts';

/** What a stage of API Gateway lets through, over all who come. */
export interface Throttle {
  /** Requests a second, for as long as it likes. */
  rate: number;
  /** Requests that may come at once, after a pause. */
  burst: number;
}

export interface Throttles {
  /** Handshakes, frames and ends of sockets. */
  socket: Throttle;
  /** Requests of the HTTP API. */
  rest: Throttle;
}

/**
 * The account has 10,000 requests a second, with 5,000 at once, for everything, posts to sockets
 * among it. What clients say may take three tenths; the rest is what delivering it costs. It is
 * enough for the 500 sockets that API Gateway opens in a second, when all come back at once: each
 * takes two of the socket's (its end and its handshake) and two of REST (a token and what it
 * missed). docs/cost.md does the sum.
 */
export const THROTTLES: Throttles = {
  socket: { rate: 2_000, burst: 1_000 },
  rest: { rate: 1_000, burst: 500 },
};

/**
 * Of each of the docs' routes, where an API has them. API Gateway counts a route that has a throttle of
 * its own by itself: so whoever reads the docs, or floods them, takes nothing from people who talk. A
 * visitor loads six files at once, four of them for a year: 60 come three seconds apart at most.
 */
export const DOCS_THROTTLE: Throttle = { rate: 20, burst: 60 };

/** What an account may have after its quota was raised, and then some. */
const MOST = 1_000_000;

/** @throws Error that names the setting, what it holds and what it takes */
export function readThrottles(context: Context): Throttles {
  const read = (name: string, otherwise: number) =>
    context.wholeNumber(name, { least: 1, most: MOST, otherwise });
  return {
    socket: {
      rate: read('socketRequestsPerSecond', THROTTLES.socket.rate),
      burst: read('socketRequestBurst', THROTTLES.socket.burst),
    },
    rest: {
      rate: read('restRequestsPerSecond', THROTTLES.rest.rate),
      burst: read('restRequestBurst', THROTTLES.rest.burst),
    },
  };
}
