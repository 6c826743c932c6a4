import { useSyncExternalStore } from 'react';

/** Whether the page is in view: not so in a tab behind others, or in a window that is put away. */
export function useVisible(): boolean {
  return useSyncExternalStore(subscribe, () => !document.hidden);
}

function subscribe(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
