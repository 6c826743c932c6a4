import { useSyncExternalStore } from 'react';
import { accountSession } from '../../client/session.ts';

/** Who is signed in, in all tabs of this browser. */
export const session = accountSession({ url: location.origin });

/** Whether the login went without having been ended here: in another tab, or by the server. */
let lapsed = false;
let ending = false;
session.onChange(() => {
  lapsed = session.username === undefined && !ending;
});

/** Logs out in all tabs. */
export async function logOut(): Promise<void> {
  ending = true;
  await session.logOut();
  ending = false;
}

/** Whether somebody was signed in until now, and did not log out in this tab. */
export const hasLapsed = (): boolean => lapsed;

const subscribe = (listener: () => void) => session.onChange(listener);

/** @returns undefined when nobody is signed in */
export function useUsername(): string | undefined {
  return useSyncExternalStore(subscribe, () => session.username);
}
