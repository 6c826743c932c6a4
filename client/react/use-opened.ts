import { useLayoutEffect, useReducer, useSyncExternalStore } from 'react';
import type { Unsubscribe } from '../emitter.ts';

/**
 * Something that has to be opened to be seen, and closed in the end. To make one has no effect, so
 * that a render may do it and be thrown away.
 */
export interface Openable<State> {
  /** May be called again after it was closed. @returns what closes it */
  open(): Unsubscribe;
  readonly subscribe: (changed: () => void) => Unsubscribe;
  /** The same object until it changes. */
  readonly current: () => State;
}

/** Opens it while the component is mounted. */
export function useOpened<State>(openable: Openable<State>): State {
  const [, look] = useReducer((looks: number) => looks + 1, 0);
  useLayoutEffect(() => {
    const close = openable.open();
    // What there is to see is painted at once, not after a picture of nothing.
    look();
    return close;
  }, [openable]);
  return useSyncExternalStore(openable.subscribe, openable.current, openable.current);
}
