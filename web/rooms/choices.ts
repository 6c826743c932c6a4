import { typedRoomName } from '../app/places.ts';

export interface Choice {
  readonly name: string;
  /** Not in one's list yet. */
  readonly isNew: boolean;
}

/**
 * The rooms that what was typed may mean: those that begin with it, then those that hold it, both
 * in the order of the list; last the room of exactly that name, where it is not among them.
 */
export function choicesFor(typed: string, rooms: readonly string[]): Choice[] {
  const name = typedRoomName(typed);
  const wanted = (name ?? typed.trim()).toLowerCase();
  const place = (room: string) => {
    const at = room.toLowerCase().indexOf(wanted);
    return at === 0 ? 0 : at > 0 ? 1 : 2;
  };
  const known = [0, 1].flatMap((rank) => rooms.filter((room) => place(room) === rank));
  return [
    ...known.map((room) => ({ name: room, isNew: false })),
    ...(name && !rooms.includes(name) ? [{ name, isNew: true }] : []),
  ];
}
