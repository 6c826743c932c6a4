import { useCallback, useEffect, useMemo, useState } from 'react';

/** A message that is gone to; a new object each time. */
export interface Target {
  readonly seq: number;
  /** It is where the new ones begin: it gets the focus. Else a link led to it, and it is marked. */
  readonly unread: boolean;
}

interface Place {
  readonly seq?: number;
}

/**
 * The message to go to, once it is asked for: by the address, or by who wants to see what is new.
 *
 * @param place a new object each time one goes somewhere
 */
export function useTarget(
  place: Place,
  jumpTo: (seq: number) => Promise<void>,
): { target: Target | undefined; lead: (seq: number) => void } {
  const linked = useMemo(
    () => (place.seq === undefined ? undefined : { seq: place.seq, unread: false }),
    [place],
  );
  const [led, setLed] = useState<{ target: Target; place: Place }>();
  const target = led?.place === place ? led.target : linked;
  useEffect(() => {
    if (target) void jumpTo(target.seq);
  }, [target, jumpTo]);
  const lead = useCallback(
    (seq: number) => setLed({ target: { seq, unread: true }, place }),
    [place],
  );
  return { target, lead };
}
