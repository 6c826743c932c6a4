import type { Unsubscribe } from './emitter.ts';
import { asClientError, ParlorClientError } from './errors.ts';
import type { RoomApi } from './room-api.ts';
import type { Tail } from './tail.ts';
import type { Message, Timeline, TimelineState } from './types.ts';

const PAGE = 100;

/** A window on a room's messages, see Timeline. */
export class RoomTimeline implements Timeline {
  readonly #api: RoomApi;
  readonly #tail: Tail;
  readonly #listeners = new Set<() => void>();
  readonly #stop: Unsubscribe[];
  #state: TimelineState = { messages: [], hasOlder: false, hasNewer: false, loading: 'first' };
  /** Tells a load that the window was moved meanwhile. */
  #turn = 0;

  constructor(api: RoomApi, tail: Tail) {
    this.#api = api;
    this.#tail = tail;
    this.#stop = [
      tail.events.on('grown', (messages) => this.#grown(messages)),
      tail.events.on('replaced', (messages) => this.#replaced(messages)),
    ];
    if (tail.messages) this.#state = windowOn(tail.messages);
  }

  get state(): TimelineState {
    return this.#state;
  }

  subscribe(listener: () => void): Unsubscribe {
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  async loadOlder(): Promise<void> {
    const { messages, hasOlder, loading } = this.#state;
    const first = messages[0];
    if (!first || !hasOlder || loading !== 'no') return;
    await this.#load('older', async (stale) => {
      const page = await this.#api.messages({ before: first.seq }, PAGE);
      if (stale()) return;
      // Read again, for messages may have come at the other end.
      this.#set({ messages: [...page.messages, ...this.#state.messages], hasOlder: page.more });
    });
  }

  async loadNewer(): Promise<void> {
    const { messages, hasNewer, loading } = this.#state;
    const last = messages.at(-1);
    if (!last || !hasNewer || loading !== 'no') return;
    await this.#load('newer', async (stale) => {
      const page = await this.#api.messages({ after: last.seq }, PAGE);
      if (!stale()) this.#join([...messages, ...page.messages], page.more);
    });
  }

  async jumpTo(seq: number): Promise<void> {
    const { messages } = this.#state;
    const [first, last] = [messages[0], messages.at(-1)];
    if (first && last && first.seq <= seq && seq <= last.seq) return;
    this.#turn++;
    await this.#load('first', async (stale) => {
      const [upTo, after] = await Promise.all([
        this.#api.messages({ before: seq + 1 }, PAGE),
        this.#api.messages({ after: seq }, PAGE).catch(beyondTheEnd),
      ]);
      if (stale()) return;
      this.#join([...upTo.messages, ...after.messages], after.more);
      this.#set({ hasOlder: upTo.more });
    });
  }

  async jumpToLatest(): Promise<void> {
    const { messages } = this.#tail;
    if (!messages || !this.#state.hasNewer) return;
    this.#turn++;
    this.#set(windowOn(messages));
  }

  close(): void {
    this.#turn++;
    for (const stop of this.#stop) stop();
    this.#listeners.clear();
  }

  /**
   * Shows a stretch, with the room's newest where it reaches them.
   *
   * @param more whether the server has messages after it
   */
  #join(messages: readonly Message[], more: boolean): void {
    const tail = this.#tail.messages ?? [];
    const last = messages.at(-1)?.seq ?? 0;
    const reaches = !more || tail.some(({ seq }) => seq === last);
    const rest = reaches ? tail.filter(({ seq }) => seq > last) : [];
    this.#set({ messages: [...messages, ...rest], hasNewer: !reaches });
  }

  #grown(grown: readonly Message[]): void {
    const { messages, hasNewer } = this.#state;
    if (!hasNewer) this.#set({ messages: [...messages, ...grown] });
  }

  #replaced(messages: readonly Message[]): void {
    // Who reads the past goes on: it is the same. What was loaded of a foreign log is not, but
    // that can't be told from here, and the window's ends are loaded anew anyway.
    if (this.#state.hasNewer) return;
    this.#turn++;
    this.#set(windowOn(messages));
  }

  async #load(
    loading: Exclude<TimelineState['loading'], 'no'>,
    action: (stale: () => boolean) => Promise<void>,
  ): Promise<void> {
    const turn = this.#turn;
    const stale = () => turn !== this.#turn;
    const { error: _, ...state } = this.#state;
    this.#state = state;
    this.#set({ loading });
    try {
      await action(stale);
      if (!stale()) this.#set({ loading: 'no' });
    } catch (error) {
      if (!stale()) this.#set({ loading: 'no', error: asClientError(error) });
    }
  }

  #set(change: Partial<TimelineState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

const windowOn = (messages: readonly Message[]): TimelineState => ({
  messages,
  // The first message of a room has seq 1.
  hasOlder: (messages[0]?.seq ?? 1) > 1,
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
