import { type RefObject, useEffect, useRef } from 'react';

/**
 * Puts the focus on an element when one goes to another place and what had it is gone, as a room's
 * link is on a phone: else keys and screen readers would begin anew at the top of the page.
 *
 * @param place another object each time
 */
export function useKeptFocus<E extends HTMLElement>(place: object): RefObject<E | null> {
  const element = useRef<E>(null);
  const begun = useRef<object>(undefined);
  useEffect(() => {
    const moved = begun.current !== undefined && begun.current !== place;
    begun.current = place;
    const had = document.activeElement;
    const lost = !had || had === document.body || had.checkVisibility?.() === false;
    if (moved && lost) element.current?.focus({ preventScroll: true });
  }, [place]);
  return element;
}
