import { allChanged } from './changes.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { asClientError, ParlorClientError } from './errors.ts';
import type { Message, MessageChange, Room, RoomTail } from './types.ts';

/** A contiguous stretch of a room's messages; a new object whenever it changes. */
export interface TimelineState {
  /** Oldest first, without a hole. */
  readonly messages: readonly Message[];
  /** Whether there are messages before the first, and after the last that are not shown here. */
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly loading: 'no' | 'first' | 'older' | 'newer';
  /** Why the last load failed; the next one clears it. */
  readonly error?: ParlorClientError;
}

/**
 * What of a room is on the screen: it grows at both ends, follows the newest while it reaches it
 * (`hasNewer` is false), and can be moved to any place. From the cache at once, where there is one.
 */
export interface Timeline {
  readonly state: TimelineState;
  subscribe(listener: () => void): Unsubscribe;
  /** Both do nothing while a load is under way, or where there is nothing more. Never throw. */
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Moves the window so that the message is in it, with some on both sides. */
  jumpTo(seq: number): Promise<void>;
  jumpToLatest(): Promise<void>;
  /** Stops following. */
  close(): void;
}

/** A room's messages as a window that can be moved; for a user interface. */
export function roomTimeline(room: Pick<Room, 'history' | 'tail'>): Timeline {
  return new RoomTimeline(room);
}

const PAGE = 100;

class RoomTimeline implements Timeline {
  readonly #room: Pick<Room, 'history'>;
  readonly #tail: RoomTail;
  readonly #emitter = new Emitter<{ change: undefined }>();
  readonly #stop: Unsubscribe[];
  #state: TimelineState = { messages: [], hasOlder: false, hasNewer: false, loading: 'first' };
  /** Tells a load that the window was moved meanwhile. */
  #turn = 0;
  /** Whether it is on its way to another place. */
  #jumping = false;

  constructor(room: Pick<Room, 'history' | 'tail'>) {
    const { tail } = room;
    this.#room = room;
    this.#tail = tail;
    this.#stop = [
      tail.on('grown', (messages) => this.#grown(messages)),
      tail.on('changed', (change) => this.#changed(change)),
      tail.on('replaced', ({ foreign }) => this.#replaced(foreign)),
    ];
    if (tail.messages) this.#state = newestOf(tail);
  }

  get state(): TimelineState {
    return this.#state;
  }

  subscribe(listener: () => void): Unsubscribe {
    return this.#emitter.on('change', listener);
  }

  async loadOlder(): Promise<void> {
    const { messages, hasOlder, loading } = this.#state;
    if (!hasOlder || loading !== 'no') return;
    const before = messages[0]?.seq ?? this.#tail.upTo + 1;
    await this.#load('older', async () => {
      const page = await this.#room.history({ before }, PAGE);
      // Looked at then, for messages may have come at the other end.
      return () => ({
        messages: [...page.messages, ...this.#state.messages],
        hasOlder: page.more,
      });
    });
  }

  async loadNewer(): Promise<void> {
    const { messages, hasOlder, hasNewer, loading } = this.#state;
    const last = messages.at(-1);
    if (!last || !hasNewer || loading !== 'no') return;
    await this.#load('newer', async () => {
      const page = await this.#room.history({ after: last.seq }, PAGE);
      // What came next may have expired, and with it what is shown.
      const goesOn = page.joins || (page.messages[0]?.seq ?? 0) <= last.seq + 1;
      return () => ({
        ...this.#joined([...(goesOn ? messages : []), ...page.messages], page.more),
        hasOlder: hasOlder || !goesOn,
      });
    });
  }

  async jumpTo(seq: number): Promise<void> {
    this.#stay();
    const { messages } = this.#state;
    const [first, last] = [messages[0], messages.at(-1)];
    if (first && last && first.seq <= seq && seq <= last.seq) return;
    this.#move();
    this.#jumping = true;
    await this.#load('first', async () => {
      const [upTo, after] = await Promise.all([
        this.#room.history({ before: seq + 1 }, PAGE),
        this.#room.history({ after: seq }, PAGE).catch(beyondTheEnd),
      ]);
      return () => ({
        ...this.#joined([...upTo.messages, ...after.messages], after.more),
        hasOlder: upTo.more,
      });
    });
  }

  async jumpToLatest(): Promise<void> {
    this.#stay();
    if (!this.#state.hasNewer || !this.#tail.messages) return;
    this.#move();
    this.#set(newestOf(this.#tail));
  }

  close(): void {
    this.#turn++;
    for (const stop of this.#stop) stop();
    this.#emitter.clear();
  }

  /** It is to be elsewhere: what is being loaded is of no use. */
  #move(): void {
    this.#turn++;
    this.#jumping = false;
  }

  /** It is not to go where it was sent before. */
  #stay(): void {
    if (!this.#jumping) return;
    this.#move();
    this.#set({ loading: 'no' });
  }

  /**
   * A stretch, with the room's newest where it reaches them.
   *
   * @param more whether the server had messages after it
   */
  #joined(messages: readonly Message[], more: boolean): Partial<TimelineState> {
    const tail = this.#tail.messages ?? [];
    const last = messages.at(-1)?.seq ?? 0;
    const rest = tail.filter(({ seq }) => seq > last);
    // The newest may have moved on since the stretch was read, and leave a hole.
    const [first] = tail;
    const reaches = first && rest.length > 0 ? first.seq <= last + 1 : !more;
    return { messages: [...messages, ...(reaches ? rest : [])], hasNewer: !reaches };
  }

  #grown(grown: readonly Message[]): void {
    const { messages, hasNewer } = this.#state;
    // A page may have been ahead of what comes.
    const last = messages.at(-1)?.seq ?? 0;
    const news = hasNewer ? [] : grown.filter(({ seq }) => seq > last);
    if (news.length > 0) this.#set({ messages: messages.concat(news) });
  }

  #changed(change: MessageChange): void {
    const messages = allChanged(this.#state.messages, change);
    if (messages !== this.#state.messages) this.#set({ messages });
  }

  #replaced(foreign: boolean): void {
    // A reader of the past goes on: it is the same, but in another log.
    if (this.#state.hasNewer && !foreign) return;
    // A reader that was sent elsewhere still gets there.
    const jumping = this.#jumping && !foreign;
    if (!jumping) this.#move();
    this.#set({ ...newestOf(this.#tail), loading: jumping ? 'first' : 'no' });
  }

  /** @param read gives what tells how to show what was read: not asked once the window was moved */
  async #load(
    loading: Exclude<TimelineState['loading'], 'no'>,
    read: () => Promise<() => Partial<TimelineState>>,
  ): Promise<void> {
    const turn = this.#turn;
    this.#set({ loading, error: undefined });
    const shown = await read().catch((error: unknown) => () => ({ error: asClientError(error) }));
    if (turn !== this.#turn) return;
    this.#jumping = false;
    this.#set({ ...shown(), loading: 'no' });
  }

  #set(change: Partial<TimelineState>): void {
    this.#state = { ...this.#state, ...change };
    this.#emitter.emit('change', undefined);
  }
}

const newestOf = ({ messages = [], upTo }: RoomTail): TimelineState => ({
  messages,
  // The first message of a room has seq 1.
  hasOlder: (messages[0]?.seq ?? upTo + 1) > 1,
  hasNewer: false,
  loading: 'no',
});

/** A link to a message that there is not: what is up to there is shown. */
function beyondTheEnd(error: unknown) {
  if (error instanceof ParlorClientError && error.code === 'after_beyond_head') {
    return { messages: [], more: false };
  }
  throw error;
}
