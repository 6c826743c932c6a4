import { Emitter, type Listener, type Unsubscribe } from '../emitter.ts';
import { ParlorClientError } from '../errors.ts';
import type {
  HistoryPage,
  HistoryRange,
  Message,
  MessageExtras,
  Room,
  RoomEvents,
  RoomState,
  RoomTail,
  Stored,
} from '../types.ts';
import type { HeldRooms } from './held-rooms.ts';
import type { Openable } from './use-opened.ts';

const JOINING: RoomState = { status: 'joining', upTo: 0, pending: [] };

/**
 * A room for a component: a render can have it without entering it. It is entered by mounting, or
 * when something is asked of it: the effects of a component's children come before its own.
 */
export class MountedRoom implements Room, Openable<RoomState> {
  readonly name: string;
  readonly #held: HeldRooms;
  readonly #stay: boolean;
  readonly #events = new Emitter<{ change: undefined }>();
  #room: Room | undefined;
  #state = JOINING;

  constructor(held: HeldRooms, name: string, stay: boolean) {
    this.#held = held;
    this.name = name.normalize('NFKC');
    this.#stay = stay;
  }

  get state(): RoomState {
    return this.#room?.state ?? this.#state;
  }

  get tail(): RoomTail {
    return this.#entered().tail;
  }

  /** As it was last told: `state` may be ahead of it while a change is being told. */
  readonly current = (): RoomState => this.#state;

  readonly subscribe = (changed: () => void): Unsubscribe => this.#events.on('change', changed);

  open(): Unsubscribe {
    let room: Room;
    try {
      room = this.#entered();
    } catch (error) {
      if (!(error instanceof ParlorClientError)) throw error;
      this.#show({ ...JOINING, status: 'refused', error });
      return () => {};
    }
    const release = this.#held.hold(room);
    const stop = room.on('state', (state) => this.#show(state));
    this.#show(room.state);
    return () => {
      stop();
      release();
      // It may be left before this is mounted again, and is another one then.
      this.#room = undefined;
    };
  }

  on<K extends keyof RoomEvents>(event: K, listener: Listener<RoomEvents[K]>): Unsubscribe {
    let room: Room;
    try {
      room = this.#entered();
    } catch (error) {
      if (!(error instanceof ParlorClientError)) throw error;
      // Nothing comes from it. Why, `state` says: an effect that listens must not end the page.
      return () => {};
    }
    return room.on(event, listener);
  }

  send(content: string, extras?: MessageExtras): Promise<Stored> {
    try {
      // The room's own promise: what fails in `pending` does not have to be caught here as well.
      return this.#entered().send(content, extras);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async edit(message: Pick<Message, 'seq' | 'version'>, content: string): Promise<Message> {
    return await this.#entered().edit(message, content);
  }

  async delete(seq: number): Promise<Message> {
    return await this.#entered().delete(seq);
  }

  retry(clientId: string): void {
    this.#entered().retry(clientId);
  }

  discard(clientId: string): void {
    this.#entered().discard(clientId);
  }

  async history(range?: HistoryRange, limit?: number): Promise<HistoryPage> {
    return await this.#entered().history(range, limit);
  }

  catchUp(): void {
    this.#entered().catchUp();
  }

  leave(): void {
    this.#room?.leave();
  }

  #entered(): Room {
    this.#room ??= this.#held.enter(this.name, this.#stay);
    return this.#room;
  }

  #show(state: RoomState): void {
    this.#state = state;
    this.#events.emit('change', undefined);
  }
}
