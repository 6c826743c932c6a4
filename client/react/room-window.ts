import { Emitter, type Unsubscribe } from '../emitter.ts';
import { ParlorClientError } from '../errors.ts';
import { roomTimeline, type Timeline, type TimelineState } from '../timeline.ts';
import type { PendingMessage, Room } from '../types.ts';
import type { Openable } from './use-opened.ts';

export interface MessageWindow extends TimelineState {
  /** Own messages that are not among `messages` yet, oldest first. */
  readonly pending: readonly PendingMessage[];
  /** These four stay the same while the room is the same. They never throw. */
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  jumpTo(seq: number): Promise<void>;
  jumpToLatest(): Promise<void>;
}

const EMPTY: TimelineState = { messages: [], hasOlder: false, hasNewer: false, loading: 'first' };
const NONE: readonly PendingMessage[] = [];

/** A room's timeline and its local echo, as one picture. */
export class RoomWindow implements Openable<MessageWindow> {
  readonly #room: Room;
  readonly #events = new Emitter<{ change: undefined }>();
  readonly #moves = {
    loadOlder: async () => this.#timeline?.loadOlder(),
    loadNewer: async () => this.#timeline?.loadNewer(),
    jumpTo: async (seq: number) => this.#timeline?.jumpTo(seq),
    jumpToLatest: async () => this.#timeline?.jumpToLatest(),
  };
  #timeline: Timeline | undefined;
  #shown: TimelineState = EMPTY;
  #window: MessageWindow;

  constructor(room: Room) {
    this.#room = room;
    this.#window = { ...EMPTY, ...this.#moves, pending: NONE };
  }

  readonly current = (): MessageWindow => this.#window;

  readonly subscribe = (changed: () => void): Unsubscribe => this.#events.on('change', changed);

  open(): Unsubscribe {
    let timeline: Timeline;
    try {
      timeline = roomTimeline(this.#room);
    } catch (error) {
      if (!(error instanceof ParlorClientError)) throw error;
      this.#show({ ...EMPTY, loading: 'no', error }, NONE);
      return () => {};
    }
    this.#timeline = timeline;
    const look = () => this.#show(timeline.state, this.#room.state.pending);
    const stop = [timeline.subscribe(look), this.#room.on('state', look)];
    look();
    return () => {
      for (const each of stop) each();
      timeline.close();
      this.#timeline = undefined;
    };
  }

  #show(shown: TimelineState, pending: readonly PendingMessage[]): void {
    // Most changes of a room's state are none here.
    const waiting = pending.length === 0 ? NONE : pending;
    if (shown === this.#shown && waiting === this.#window.pending) return;
    this.#shown = shown;
    this.#window = { ...shown, ...this.#moves, pending: waiting };
    this.#events.emit('change', undefined);
  }
}
