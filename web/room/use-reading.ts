import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useSignedIn } from '../app/signed-in-context.ts';

export interface Reading {
  /** The seq that the line "new" stands after; undefined without one. */
  readonly unreadAfter: number | undefined;
  /** How many came since the newest was last on the screen. */
  readonly fresh: number;
  /** The reader has seen where the new ones begin. */
  readonly clear: () => void;
}

/**
 * Follows how far a room is read: tells the list of rooms, and remembers where the new ones began
 * when the reader came, or came back to the tab.
 *
 * @param upTo the newest seq that is known
 * @param newestShown whether it is on the screen
 */
export function useReading(name: string, upTo: number, newestShown: boolean): Reading {
  const { rooms } = useSignedIn();
  const loaded = useSyncExternalStore(rooms.subscribe, () => rooms.state.loaded);
  const visible = useSyncExternalStore(onVisibility, isVisible);
  const [unreadAfter, setUnreadAfter] = useState<number>();
  const [seenUpTo, setSeenUpTo] = useState(upTo);
  const begun = useRef(false);
  const leftAt = useRef<number>(undefined);

  useEffect(() => {
    rooms.open(name);
    return () => rooms.left(name);
  }, [rooms, name]);

  // Before the room is marked as read, so that it is known what was not.
  useEffect(() => {
    if (begun.current || !loaded || upTo === 0) return;
    begun.current = true;
    const { read } = rooms.state.rooms.find((summary) => summary.name === name) ?? { read: 0 };
    if (read > 0 && read < upTo) setUnreadAfter(read);
  }, [rooms, name, loaded, upTo]);

  useEffect(() => {
    if (!visible) leftAt.current ??= upTo;
    else if (leftAt.current !== undefined) {
      if (leftAt.current > 0 && leftAt.current < upTo) setUnreadAfter(leftAt.current);
      leftAt.current = undefined;
    }
  }, [visible, upTo]);

  useEffect(() => {
    // What was there when one came is not new; before it is known, `upTo` is 0.
    if (seenUpTo === 0) setSeenUpTo(upTo);
    if (!newestShown) return;
    setSeenUpTo(upTo);
    if (visible && loaded && upTo > 0) rooms.markRead(name, upTo);
  }, [rooms, name, loaded, visible, newestShown, upTo, seenUpTo]);

  const clear = useCallback(() => setUnreadAfter(undefined), []);
  const fresh = seenUpTo === 0 ? 0 : Math.max(0, upTo - seenUpTo);
  return { unreadAfter, fresh, clear };
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

const isVisible = () => !document.hidden;
