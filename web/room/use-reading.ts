import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useSyncExternalStore,
} from 'react';
import type { RoomState } from '../../client/index.ts';
import { useSignedIn } from '../app/signed-in-context.ts';
import { useVisible } from '../app/use-visible.ts';
import { NOT_BEGUN, nextReading, type Reading } from './reading.ts';

export interface ReadingUse extends Reading {
  /** These stay the same. From `first` to `last` it is on the screen; `hopped`: not by scrolling. */
  readonly shown: (first: number, last: number, hopped: boolean) => void;
  /** One chose to go to the newest. */
  readonly pass: () => void;
  /** One said something: nothing is new any more. */
  readonly said: () => void;
}

/**
 * Follows how far a room is read, and tells the list of rooms.
 *
 * @param room as it stands
 * @param follows whether the newest is on the screen, and what comes is scrolled to
 */
export function useReading(name: string, room: RoomState, follows: boolean): ReadingUse {
  const { rooms } = useSignedIn();
  const { upTo, status } = room;
  const live = status === 'live';
  const visible = useVisible();
  const loaded = useSyncExternalStore(rooms.subscribe, () => rooms.state.loaded);
  const read = useSyncExternalStore(rooms.subscribe, () => rooms.readOf(name));
  const [reading, step] = useReducer(nextReading, NOT_BEGUN);
  const wasLive = useRef(false);
  const { begun, mark } = reading;

  useEffect(() => {
    rooms.open(name);
    return () => rooms.left(name);
  }, [rooms, name]);

  // Before what came is painted: the list is to be led to the first of it, not to the last.
  useLayoutEffect(() => {
    const growth = { upTo, follows, visible };
    if (!begun && loaded && (upTo > 0 || live)) {
      step({ type: 'came', read: rooms.beginReading(name, upTo), ...growth });
    } else if (upTo > 0) step({ type: 'grew', live: live && wasLive.current, ...growth });
    wasLive.current = live;
  }, [rooms, name, loaded, begun, upTo, live, follows, visible]);

  useLayoutEffect(() => {
    if (visible) step({ type: 'back' });
  }, [visible]);

  useEffect(() => step({ type: 'heard', read }), [read]);

  useEffect(() => {
    if (begun) rooms.markRead(name, mark);
  }, [rooms, name, begun, mark]);

  const steps = useMemo(
    () => ({
      shown: (first: number, last: number, hopped: boolean) =>
        step({ type: 'shown', first, last, hopped }),
      pass: () => step({ type: 'passed', said: false }),
      said: () => step({ type: 'passed', said: true }),
    }),
    [],
  );
  return { ...reading, ...steps };
}
