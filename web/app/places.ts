import { ROOM_NAME_CHARS } from '../../protocol/limits.ts';
import { parseRoomName } from '../../protocol/names.ts';

/** Where in the page one is; each has an address of its own. */
export type Place =
  | { readonly page: 'home' }
  /** A room, or a message in it. */
  | { readonly page: 'room'; readonly room: string; readonly seq?: number }
  /** An address that leads nowhere. */
  | { readonly page: 'nowhere' };

const HOME: Place = { page: 'home' };
const NOWHERE: Place = { page: 'nowhere' };

const ROOM_PATH = /^\/room\/([^/]+)(?:\/([1-9]\d{0,14}))?\/?$/;
const SEQ_HASH = /^#([1-9]\d{0,14})$/;

/** `/`, `/room/<name>`, and for a message `/room/<name>/<seq>` or `/room/<name>#<seq>`. */
export function parsePlace(pathname: string, hash = ''): Place {
  if (pathname === '/') return HOME;
  const [, encoded, inPath] = ROOM_PATH.exec(pathname) ?? [];
  const room = encoded && roomOf(encoded);
  if (!room) return NOWHERE;
  const seq = inPath ?? SEQ_HASH.exec(hash)?.[1];
  return seq ? { page: 'room', room, seq: Number(seq) } : { page: 'room', room };
}

/** What one calls it. */
export function nameOf(place: Place): string {
  if (place.page === 'room') return place.room;
  return place.page === 'home' ? 'Your rooms' : 'No such room';
}

/** The address of a room, or of a message in it. */
export function pathOfRoom(room: string, seq?: number): string {
  return `/room/${encodeURIComponent(room)}${seq === undefined ? '' : `/${seq}`}`;
}

/** What `typedRoomName` takes, for who typed something else. */
export const ROOM_NAME_RULE = `A room’s name has 1 to ${ROOM_NAME_CHARS} letters, digits, “_” and “-”.`;

/** A room's name as people type it: with white space around it, or with a `#` before it. */
export function typedRoomName(typed: string): string | undefined {
  const name = typed.trim().replace(/^#/, '').replace(/\s+/g, '-');
  try {
    return parseRoomName(name);
  } catch (_notAName) {
    return undefined;
  }
}

function roomOf(encoded: string): string | undefined {
  try {
    return parseRoomName(decodeURIComponent(encoded));
  } catch (_notAName) {
    return undefined;
  }
}
