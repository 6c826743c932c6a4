import type { Platform } from './options.ts';
import { randomId } from './random-id.ts';

/** Milliseconds, 24 days: a timer that is set for longer goes off at once. */
const LONGEST = 2 ** 31 - 1;

/** What browsers and Node (22 and newer) bring. */
export const standardPlatform: Platform = {
  openSocket: (url, protocols) => new WebSocket(url, protocols),
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  id: randomId,
  after(ms, action) {
    const timer = setTimeout(action, Math.min(ms, LONGEST));
    return () => clearTimeout(timer);
  },
  onWake(listener) {
    // Node has neither a window nor a page: the heartbeat has to do.
    if (typeof window === 'undefined') return () => {};
    const visible = () => {
      if (document.visibilityState === 'visible') listener();
    };
    const stopped = new AbortController();
    window.addEventListener('online', listener, stopped);
    // A page that comes back from the back/forward cache has lost its socket.
    window.addEventListener('pageshow', visible, stopped);
    document.addEventListener('visibilitychange', visible, stopped);
    return () => stopped.abort();
  },
};
