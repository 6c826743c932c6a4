import type { Unsubscribe } from '../emitter.ts';
import { ParlorClientError } from '../errors.ts';
import type { Parlor, Room } from '../types.ts';

/**
 * Milliseconds for which a room that nobody holds is kept: React's StrictMode and a change of page
 * unmount and mount again, and who looks into another room often comes back.
 */
const GRACE = 5_000;

const ofClients = new WeakMap<Parlor, HeldRooms>();

/** One for each client, also where several providers give the same client. */
export function heldRooms(client: Parlor): HeldRooms {
  const held = ofClients.get(client) ?? new HeldRooms(client);
  ofClients.set(client, held);
  return held;
}

/** The rooms that components hold, and those that nobody holds any more but are not left yet. */
export class HeldRooms {
  readonly #client: Parlor;
  readonly #holders = new Map<Room, number>();
  readonly #idle = new Map<Room, ReturnType<typeof setTimeout>>();
  readonly #staying = new WeakSet<Room>();

  constructor(client: Parlor) {
    this.#client = client;
  }

  /**
   * Enters a room; unless it is held soon, it is left again.
   *
   * @param stay whether it is never left from here
   * @throws ParlorClientError as `Parlor.room` does
   */
  enter(name: string, stay: boolean): Room {
    const room = this.#enter(name);
    if (stay) this.#staying.add(room);
    this.#leaveUnlessHeld(room);
    return room;
  }

  hold(room: Room): Unsubscribe {
    this.#holders.set(room, (this.#holders.get(room) ?? 0) + 1);
    this.#keep(room);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const others = (this.#holders.get(room) ?? 0) - 1;
      if (others > 0) this.#holders.set(room, others);
      else this.#holders.delete(room);
      this.#leaveUnlessHeld(room);
    };
  }

  #enter(name: string): Room {
    try {
      return this.#client.room(name);
    } catch (error) {
      const full = error instanceof ParlorClientError && error.code === 'too_many_rooms';
      if (!full || this.#idle.size === 0) throw error;
      for (const room of [...this.#idle.keys()]) this.#leave(room);
      return this.#client.room(name);
    }
  }

  #leaveUnlessHeld(room: Room): void {
    this.#keep(room);
    if (this.#holders.has(room) || this.#staying.has(room)) return;
    this.#idle.set(
      room,
      setTimeout(() => this.#leave(room), GRACE),
    );
  }

  #keep(room: Room): void {
    clearTimeout(this.#idle.get(room));
    this.#idle.delete(room);
  }

  #leave(room: Room): void {
    this.#keep(room);
    room.leave();
  }
}
