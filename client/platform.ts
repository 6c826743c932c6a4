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
    // Node has neither a window nor a page, React Native has one that tells nothing, a worker no
    // page: the heartbeat has to do.
    const visible = () => {
      if (globalThis.document?.visibilityState === 'visible') listener();
    };
    const stopped = new AbortController();
    const hear = (target: EventTarget | undefined, event: string, told: () => void) =>
      target?.addEventListener?.(event, told, stopped);
    hear(globalThis.window, 'online', listener);
    // A page that comes back from the back/forward cache has lost its socket.
    hear(globalThis.window, 'pageshow', visible);
    hear(globalThis.document, 'visibilitychange', visible);
    return () => stopped.abort();
  },
};
