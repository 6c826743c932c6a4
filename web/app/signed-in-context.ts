import { createContext, useContext, useSyncExternalStore } from 'react';
import type { RoomList, RoomListState } from '../rooms/room-list.ts';

/** What every part of the page may ask for, once somebody is signed in. */
export interface SignedInContext {
  readonly username: string;
  readonly rooms: RoomList;
  readonly goToRoom: () => void;
  readonly logOut: () => void;
  /** How many messages would be lost by that. */
  readonly unsent: () => number;
}

export const SignedInContext = createContext<SignedInContext | undefined>(undefined);

export function useSignedIn(): SignedInContext {
  const context = useContext(SignedInContext);
  if (!context) throw new Error('This is shown to nobody who is not signed in.');
  return context;
}

/** One's rooms, as they stand. */
export function useRoomList(): RoomListState {
  const { rooms } = useSignedIn();
  return useSyncExternalStore(rooms.subscribe, () => rooms.state);
}
