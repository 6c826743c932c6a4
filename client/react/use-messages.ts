import { useMemo } from 'react';
import type { Room } from '../types.ts';
import { type MessageWindow, RoomWindow } from './room-window.ts';
import { useOpened } from './use-opened.ts';

/**
 * The messages of a room that are on the screen: a window that grows at both ends, follows the
 * newest while it reaches it, and can be moved to any place. See `Timeline`.
 */
export function useMessages(room: Room): MessageWindow {
  return useOpened(useMemo(() => new RoomWindow(room), [room]));
}
