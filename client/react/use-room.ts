import { useMemo } from 'react';
import type { MessageExtras, Room, RoomState, Stored } from '../types.ts';
import { heldRooms } from './held-rooms.ts';
import { MountedRoom } from './mounted-room.ts';
import { useParlor } from './parlor-context.ts';
import { useOpened } from './use-opened.ts';

export interface RoomUse {
  /** For `useMessages`, and to listen in effects. The same while the name is the same. */
  readonly room: Room;
  readonly state: RoomState;
  /** As those of `Room`, to be handed on as they are. */
  send(content: string, extras?: MessageExtras): Promise<Stored>;
  retry(clientId: string): void;
  discard(clientId: string): void;
}

/**
 * Enters a room while the component is mounted. It is left a few seconds after the last component
 * that used it was unmounted; what waits to be sent stays in the store then.
 *
 * A room that can't be entered (`room_name_invalid`, `too_many_rooms`, `closed`) has the status
 * `refused`, and its `error`.
 *
 * @param options `stay`: don't leave it, for a page that is in all rooms of its list, or that
 *   enters rooms by itself
 */
export function useRoom(name: string, options: { stay?: boolean } = {}): RoomUse {
  const client = useParlor();
  const { stay = false } = options;
  const room = useMemo(() => new MountedRoom(heldRooms(client), name, stay), [client, name, stay]);
  const state = useOpened(room);
  return useMemo(
    () => ({
      room,
      state,
      send: (content, extras) => room.send(content, extras),
      retry: (clientId) => room.retry(clientId),
      discard: (clientId) => room.discard(clientId),
    }),
    [room, state],
  );
}
