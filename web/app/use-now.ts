import { useSyncExternalStore } from 'react';

const MINUTE_MS = 60_000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * What the present time makes of something: "Today", until midnight. The component is rendered
 * again when that changes: looked at with each full minute, so at midnight of every time zone, and
 * when the page comes into view again.
 *
 * @param words from milliseconds since 1970 to something that `===` can compare
 */
export function useNow<Words extends string | undefined>(words: (now: number) => Words): Words {
  return useSyncExternalStore(subscribe, () => words(Date.now()));
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    document.addEventListener('visibilitychange', look);
    // A page that is taken out of the browser's cache was asleep.
    addEventListener('pageshow', look);
    waitForMinute();
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener('visibilitychange', look);
    removeEventListener('pageshow', look);
    clearTimeout(timer);
  };
}

function look(): void {
  waitForMinute();
  for (const listener of [...listeners]) listener();
}

function waitForMinute(): void {
  clearTimeout(timer);
  // Nobody sees a hidden page: it looks when it is shown.
  if (document.hidden) return;
  timer = setTimeout(look, MINUTE_MS - (Date.now() % MINUTE_MS));
}
