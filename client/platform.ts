import type { Platform } from './options.ts';

/** What browsers and Node (22 and newer) bring. */
export const standardPlatform: Platform = {
  openSocket: (url, protocols) => new WebSocket(url, protocols),
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  id: () => crypto.randomUUID(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
  onWake(listener) {
    // Node has neither a window nor a page: the heartbeat has to do.
    if (typeof window === 'undefined') return () => {};
    const online = () => listener('online');
    const visible = () => {
      if (document.visibilityState === 'visible') listener('visible');
    };
    window.addEventListener('online', online);
    // A page that comes back from the back/forward cache has lost its socket.
    window.addEventListener('pageshow', visible);
    document.addEventListener('visibilitychange', visible);
    return () => {
      window.removeEventListener('online', online);
      window.removeEventListener('pageshow', visible);
      document.removeEventListener('visibilitychange', visible);
    };
  },
};
