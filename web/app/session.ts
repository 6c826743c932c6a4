import { useSyncExternalStore } from 'react';
import { accountSession } from '../../client/session.ts';

/** Who is signed in, in all tabs of this browser. */
export const session = accountSession({ url: location.origin });

const subscribe = (listener: () => void) => session.onChange(listener);

/** @returns undefined when nobody is signed in */
export function useUsername(): string | undefined {
  return useSyncExternalStore(subscribe, () => session.username);
}
