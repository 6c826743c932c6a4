import { Emitter, type Listener, type Unsubscribe } from '../../client/emitter.ts';
import { ParlorClientError } from '../../client/errors.ts';
import type {
  ConnectionState,
  HistoryPage,
  HistoryRange,
  Message,
  Parlor,
  ParlorEvents,
  PendingMessage,
  RestCalls,
  Room,
  RoomEvents,
  RoomState,
  RoomTail,
  Stored,
  TailEvents,
} from '../../client/types.ts';

export const aMessage = (seq: number, given: Partial<Message> = {}): Message => ({
  seq,
  id: `id-${seq}`,
  clientId: `client-${seq}`,
  sender: 'alice',
  content: `message ${seq}`,
  timestamp: '2026-11-22T14:14:49.614000Z',
  ...given,
});

/** A client whose connection and rooms do what a test says. */
export class FakeParlor implements Parlor {
  state: ConnectionState = { status: 'idle' };
  readonly rest: RestCalls = {
    get: () => Promise.reject(new Error('A fake has no REST API.')),
    send: () => Promise.reject(new Error('A fake has no REST API.')),
  };
  /** All rooms that were ever entered, in this order; a room that is entered anew is another one. */
  readonly entered: FakeRoom[] = [];
  readonly #emitter = new Emitter<ParlorEvents>();
  readonly #rooms = new Map<string, FakeRoom>();
  /** The newest messages of each room. */
  readonly #log: (name: string) => readonly Message[];
  readonly #capacity: number;

  constructor({ log = (_: string): readonly Message[] => [], capacity = 50 } = {}) {
    this.#log = log;
    this.#capacity = capacity;
  }

  /** The rooms that it is in. */
  get names(): string[] {
    return [...this.#rooms.keys()];
  }

  on<K extends keyof ParlorEvents>(event: K, listener: Listener<ParlorEvents[K]>): Unsubscribe {
    return this.#emitter.on(event, listener);
  }

  room(name: string): FakeRoom {
    if (this.state.status === 'closed') throw new ParlorClientError('closed', 'It was closed.');
    const key = name.normalize('NFKC');
    const known = this.#rooms.get(key);
    if (known) return known;
    if (this.#rooms.size >= this.#capacity)
      throw new ParlorClientError('too_many_rooms', 'Leave one first.');
    const room = new FakeRoom(key, this.#log(key), () => this.#rooms.delete(key));
    this.#rooms.set(key, room);
    this.entered.push(room);
    // The real one tells so while it is asked.
    if (this.state.status === 'idle') this.become({ status: 'connecting' });
    return room;
  }

  become(state: ConnectionState): void {
    this.state = state;
    this.#emitter.emit('state', state);
  }

  async whoAmI(): Promise<string> {
    return 'alice';
  }

  async close(): Promise<void> {
    this.become({ status: 'closed' });
    this.#emitter.clear();
  }
}

export class FakeRoom implements Room {
  readonly name: string;
  state: RoomState = { status: 'joining', upTo: 0, pending: [] };
  readonly calls: string[] = [];
  readonly tail: FakeTail;
  readonly #emitter = new Emitter<RoomEvents>();
  readonly #left: () => void;

  constructor(name: string, messages: readonly Message[], left: () => void) {
    this.name = name;
    this.tail = new FakeTail(messages);
    this.#left = left;
  }

  on<K extends keyof RoomEvents>(event: K, listener: Listener<RoomEvents[K]>): Unsubscribe {
    return this.#emitter.on(event, listener);
  }

  become(change: Partial<RoomState>): void {
    this.state = { ...this.state, ...change };
    this.#emitter.emit('state', this.state);
  }

  /** As the real one does it: first the window, then the echo, then the event. */
  receive(message: Message): void {
    this.tail.grow(message);
    const pending = this.state.pending.filter(({ clientId }) => clientId !== message.clientId);
    this.become({ pending, upTo: message.seq, lastMessage: message });
    this.#emitter.emit('message', message);
  }

  async send(content: string): Promise<Stored> {
    this.calls.push(`send ${content}`);
    const pending: PendingMessage = {
      clientId: `client-${content}`,
      content,
      createdAt: 0,
      status: 'queued',
    };
    this.become({ pending: [...this.state.pending, pending] });
    return { seq: 1, id: 'id', clientId: pending.clientId, timestamp: '' };
  }

  async edit({ seq }: Pick<Message, 'seq'>, content: string): Promise<Message> {
    this.calls.push(`edit ${seq} ${content}`);
    return { seq, id: 'id', clientId: 'c', sender: 'alice', content, timestamp: '' };
  }

  async delete(seq: number): Promise<Message> {
    this.calls.push(`delete ${seq}`);
    return { seq, id: 'id', clientId: 'c', sender: 'alice', content: '', timestamp: '' };
  }

  retry(clientId: string): void {
    this.calls.push(`retry ${clientId}`);
  }

  discard(clientId: string): void {
    this.calls.push(`discard ${clientId}`);
  }

  async history(range: HistoryRange = {}, _limit?: number): Promise<HistoryPage> {
    this.calls.push(`history ${JSON.stringify(range)}`);
    return { messages: [], more: false, joins: false };
  }

  catchUp(): void {}

  leave(): void {
    this.#left();
    this.become({ status: 'left' });
  }
}

class FakeTail implements RoomTail {
  messages: readonly Message[];
  /** How many listen to each event. */
  readonly listeners = { grown: 0, changed: 0, replaced: 0 };
  readonly #emitter = new Emitter<TailEvents>();

  constructor(messages: readonly Message[]) {
    this.messages = messages;
  }

  get upTo(): number {
    return this.messages.at(-1)?.seq ?? 0;
  }

  on<K extends keyof TailEvents>(event: K, listener: Listener<TailEvents[K]>): Unsubscribe {
    const stop = this.#emitter.on(event, listener);
    this.listeners[event]++;
    return () => {
      this.listeners[event]--;
      stop();
    };
  }

  grow(message: Message): void {
    this.messages = [...this.messages, message];
    this.#emitter.emit('grown', [message]);
  }
}
