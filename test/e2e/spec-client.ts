import WebSocket from 'ws';

/** An event as this client shows it. */
export interface Shown {
  seq: number;
  sender: string;
  clientId: string;
  content: string;
}

type Incoming = Partial<Shown> & { type?: string; seq: number; room?: string };

interface Draft {
  clientId: string;
  content: string;
}

export interface SpecClientOptions {
  url: string;
  room: string;
  username: string;
  /** A fresh access token. */
  token: () => Promise<string>;
  /** Which frames get lost on their way to it. */
  loses: () => boolean;
  /** How long to wait for an answer, and how often to ask for heads; PROTOCOL.md has longer ones. */
  patienceMs: number;
  /** Opens a socket to the room. Default: at `/ws/chat/<room>/` of `url`. */
  open?: (token: string) => WebSocket;
  /** Where a link of the API leads. Default: there. */
  follow?: (link: string) => string;
}

/** What a gateway says by itself, of a function that broke off, may be no frame at all. */
function frameIn(text: string): { type?: string; [field: string]: unknown } {
  return text.startsWith('{') ? JSON.parse(text) : {};
}

/**
 * A client of one room, written from PROTOCOL.md and nothing else. It stands here to show that the
 * page is enough.
 */
export class SpecClient {
  readonly shown: Shown[] = [];
  /** Frames of each type that came. */
  readonly came: Record<string, number> = {};
  connections = 0;
  readonly #options: SpecClientOptions;
  readonly #held = new Map<number, Incoming>();
  readonly #heartbeat: NodeJS.Timeout;
  #outbox: Draft[] = [];
  #upTo = 0;
  #replay: 'no' | 'running' | 'again' = 'no';
  #socket: WebSocket | undefined;
  #answerDue: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: SpecClientOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => this.#send({ action: 'ping' }), options.patienceMs);
    void this.#connect();
  }

  get unsent(): number {
    return this.#outbox.length;
  }

  say(content: string, clientId: string): void {
    this.#outbox.push({ content, clientId });
    if (this.#outbox.length === 1) this.#sendFirst();
  }

  /** The network goes, without a word. */
  cut(): void {
    this.#socket?.terminate();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#answerDue);
    this.#socket?.terminate();
  }

  async #connect(): Promise<void> {
    const { url, room, token, open } = this.#options;
    const address = `${url.replace('http', 'ws')}/ws/chat/${encodeURIComponent(room)}/`;
    const offered = ['parlor.v1', await token()] as const;
    const socket = open ? open(offered[1]) : new WebSocket(address, [...offered]);
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('open', () => {
      this.connections++;
      void this.#catchUp().then(() => this.#sendFirst());
    });
    socket.on('message', (data) => this.#receive(frameIn(String(data))));
    socket.on('close', () => {
      if (!this.#stopped) setTimeout(() => void this.#connect(), Math.random() * 50);
    });
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** One at a time, and again until there is an answer. */
  #sendFirst(): void {
    clearTimeout(this.#answerDue);
    const [draft] = this.#outbox;
    if (!draft || this.#stopped) return;
    const { room, patienceMs } = this.#options;
    this.#send({ action: 'sendMessage', id: draft.clientId, room, ...draft, after: this.#upTo });
    this.#answerDue = setTimeout(() => this.#sendFirst(), patienceMs);
  }

  #settle(clientId: string | undefined): void {
    const first = this.#outbox[0]?.clientId;
    this.#outbox = this.#outbox.filter((draft) => draft.clientId !== clientId);
    if (first === clientId) this.#sendFirst();
  }

  #receive(frame: { type?: string; [field: string]: unknown }): void {
    if (this.#options.loses()) return;
    const type = String(frame.type);
    this.came[type] = (this.came[type] ?? 0) + 1;
    if (type === 'chat_message') this.#take([frame as unknown as Incoming]);
    if (type === 'events') this.#take(frame.events as Incoming[]);
    if (type === 'ack') this.#settle(String(frame.clientId));
    if (type === 'pong') this.#compare(frame.heads as { room: string; head: number }[]);
    if (type === 'error') this.#refused(frame);
  }

  #refused({ code, ref }: Record<string, unknown>): void {
    if (code === 'token_expiring') void this.#renew();
    // What is retryable is sent again when its answer is overdue.
    if (ref !== undefined && !['rate_limited', 'internal'].includes(String(code))) {
      throw new Error(`The server refused ${ref}: ${code}`);
    }
  }

  async #renew(): Promise<void> {
    this.#send({ action: 'auth', token: await this.#options.token() });
  }

  #compare(heads: { room: string; head: number }[]): void {
    const head = heads.find(({ room }) => room === this.#options.room)?.head ?? 0;
    if (head > this.#upTo) void this.#catchUp();
  }

  #take(events: readonly Incoming[]): void {
    for (const event of events) if (event.seq > this.#upTo) this.#held.set(event.seq, event);
    if (this.#replay === 'no') this.#showWhatFollows();
    if (this.#held.size > 0) void this.#catchUp();
  }

  #showWhatFollows(): void {
    for (const seq of this.#held.keys()) if (seq <= this.#upTo) this.#held.delete(seq);
    for (let next = this.#held.get(this.#upTo + 1); next; next = this.#held.get(this.#upTo + 1)) {
      this.#held.delete(next.seq);
      this.#upTo = next.seq;
      // Types that it does not know count, but are not shown.
      if (next.type !== 'chat_message' && next.type !== 'message') continue;
      const { seq, sender = '', clientId = '', content = '' } = next;
      this.shown.push({ seq, sender, clientId, content });
      if (sender === this.#options.username) this.#settle(clientId);
    }
  }

  async #catchUp(): Promise<void> {
    if (this.#replay !== 'no') {
      this.#replay = 'again';
      return;
    }
    do {
      this.#replay = 'running';
      // A replay that fails begins again from where it came to.
      await this.#fetchAll().catch(() => this.#tryAgainSoon());
    } while (this.#again());
    this.#replay = 'no';
    this.#showWhatFollows();
  }

  async #tryAgainSoon(): Promise<void> {
    this.#replay = 'again';
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  #again(): boolean {
    return this.#replay === 'again' && !this.#stopped;
  }

  async #fetchAll(): Promise<void> {
    const { url, room, token, follow = (link) => link } = this.#options;
    const headers = { authorization: `Bearer ${await token()}` };
    let next: string | null = `${url}/api/rooms/${room}/events/?after=${this.#upTo}&limit=7`;
    while (next && !this.#stopped) {
      const page = (await (await fetch(next, { headers })).json()) as {
        next: string | null;
        results: Incoming[];
      };
      for (const event of page.results) this.#held.set(event.seq, event);
      this.#showWhatFollows();
      next = page.next && follow(page.next);
    }
  }
}
