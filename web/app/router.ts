import { useSyncExternalStore } from 'react';
import { Emitter } from '../../client/emitter.ts';
import { type Place, parsePlace } from './places.ts';

const moves = new Emitter<{ place: Place }>();
let place = parsePlace(location.pathname, location.hash);

function arrive(): void {
  place = parsePlace(location.pathname, location.hash);
  moves.emit('place', place);
}

addEventListener('popstate', arrive);

/** Goes to a path of this page, as a link does; `replace` leaves no way back to where one was. */
export function navigate(path: string, { replace = false } = {}): void {
  if (replace || path === location.pathname) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  arrive();
}

const subscribe = (listener: () => void) => moves.on('place', listener);

/** Where one is; a new object whenever one goes somewhere, even where one is already. */
export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => place);
}
