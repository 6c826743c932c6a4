import { useEffect, useMemo } from 'react';

/**
 * The message that the address leads to, once it is asked for.
 *
 * @param place a new object each time one goes somewhere
 */
export function useTarget(
  place: { readonly seq?: number },
  jumpTo: (seq: number) => Promise<void>,
): { readonly seq: number } | undefined {
  const target = useMemo(() => (place.seq === undefined ? undefined : { seq: place.seq }), [place]);
  useEffect(() => {
    if (target) void jumpTo(target.seq);
  }, [target, jumpTo]);
  return target;
}
