import type { ConnectOptions, Platform, SocketLike } from '../../client/options.ts';
import { connect } from '../../client/parlor.ts';
import type { Parlor } from '../../client/types.ts';
import { Timeline } from '../sim/timeline.ts';

type Json = Record<string, unknown>;
type Answer = { status: number; body: unknown; headers?: Record<string, string> };

/** One socket, as the fake server has it. */
export interface FakeSocket {
  url: string;
  protocols: string[];
  rooms: Set<string>;
  open: boolean;
  /** What the client has sent. */
  sent: Json[];
  /** Sends a frame to the client, or an empty message. */
  tell(frame: Json | ''): void;
  /** Ends it from the server's side. */
  cut(): void;
}

interface FakeEvent extends Json {
  seq: number;
  sender: string;
  clientId: string;
}

const START = Date.UTC(2026, 0, 1);

/**
 * A chat of one process, in virtual time, that does what PROTOCOL.md says, except where a test
 * takes over: by `onFrame`, which may answer a frame itself, and `onCall`, which may answer a
 * REST call.
 */
export class FakeChat {
  readonly timeline = new Timeline(START);
  readonly sockets: FakeSocket[] = [];
  readonly calls: string[] = [];
  readonly logs = new Map<string, FakeEvent[]>();
  /** Up to which seq a room's history has expired. */
  readonly expired = new Map<string, number>();
  /** What a page holds at most, whatever its limit: messages are long. */
  mostOnPage = Number.POSITIVE_INFINITY;
  /** Whether handshakes succeed. */
  accepts: (socket: FakeSocket) => boolean = () => true;
  /** @returns whether the test has dealt with the frame */
  onFrame: (frame: Json, socket: FakeSocket) => boolean = () => false;
  onCall: (path: string, headers: Record<string, string>) => Answer | 'silence' | undefined = () =>
    undefined;
  /** Random numbers that the client draws. */
  draws = 0.5;
  /** How much the client has put off, and neither done nor cancelled. */
  timers = 0;
  #wake: (() => void) | undefined;
  #ids = 0;

  connect(options: Partial<ConnectOptions> = {}): Parlor {
    return connect({
      url: 'https://chat.example.com',
      token: 'token',
      username: 'ann',
      ...options,
      platform: { ...this.platform, ...options.platform },
    });
  }

  /** The socket that was opened last. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('No socket was opened.');
    return socket;
  }

  /** Lets time go on. */
  async pass(ms = 50): Promise<void> {
    await this.timeline.run(this.timeline.now + ms);
  }

  wake(): void {
    this.#wake?.();
  }

  log(room: string): FakeEvent[] {
    const log = this.logs.get(room) ?? [];
    this.logs.set(room, log);
    return log;
  }

  /** Somebody else says something, and everyone in the room is told, unless it gets lost. */
  say(
    room: string,
    content: string,
    { lost = false, sender = 'bob', clientId = '' } = {},
  ): FakeEvent {
    return this.happen(room, { type: 'chat_message', content }, { lost, sender, clientId });
  }

  /** Something of any kind. */
  happen(
    room: string,
    said: { type: string } & Json,
    { lost = false, sender = 'bob', clientId = '' } = {},
  ): FakeEvent {
    const log = this.log(room);
    const seq = log.length + 1;
    const event: FakeEvent = {
      ...said,
      seq,
      id: `id-${room}-${seq}`,
      clientId: clientId || `other-${room}-${seq}`,
      sender,
      timestamp: new Date(this.timeline.now).toISOString().replace('Z', '000+00:00'),
      room,
    };
    log.push(event);
    if (!lost) for (const socket of this.sockets) if (socket.rooms.has(room)) socket.tell(event);
    return event;
  }

  get platform(): Platform {
    return {
      now: () => this.timeline.now,
      random: () => this.draws,
      id: () => `c-${++this.#ids}`,
      after: (ms, action) => {
        let over = false;
        const end = () => {
          if (!over) this.timers--;
          over = true;
        };
        this.timers++;
        this.timeline.in(ms, () => {
          if (over) return;
          end();
          action();
        });
        return end;
      },
      onWake: (listener) => {
        this.#wake = listener;
        return () => {
          this.#wake = undefined;
        };
      },
      openSocket: (url, protocols) => this.#openSocket(url, protocols),
      fetch: (url, init) => this.#fetch(url, init),
    };
  }

  #openSocket(url: string, protocols: string[]): SocketLike {
    const end: { [Handler in Handlers]: ((event: unknown) => unknown) | null } & {
      send(text: string): void;
      close(): void;
    } = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (text) => {
        const frame: Json = JSON.parse(text);
        socket.sent.push(frame);
        this.timeline.in(1, () => socket.open && this.#receive(frame, socket));
      },
      close: () => {
        closed = true;
        socket.open = false;
      },
    };
    let closed = false;
    const socket: FakeSocket = {
      url,
      protocols,
      rooms: new Set(),
      open: false,
      sent: [],
      tell: (frame) =>
        this.timeline.in(1, () => {
          if (socket.open) end.onmessage?.({ data: frame && JSON.stringify(frame) });
        }),
      cut: () => {
        socket.open = false;
        socket.rooms.clear();
        this.timeline.in(1, () => end.onclose?.({}));
      },
    };
    this.sockets.push(socket);
    this.timeline.in(2, () => {
      if (closed) return;
      if (!this.accepts(socket)) return socket.cut();
      socket.open = true;
      socket.rooms.add(decodeURIComponent(new URL(url).pathname.split('/')[3] ?? ''));
      end.onopen?.({});
    });
    return end;
  }

  #receive(frame: Json, socket: FakeSocket): void {
    if (this.onFrame(frame, socket)) return;
    const { action, id: ref } = frame;
    const room = String(frame.room);
    const heads = [...socket.rooms].map((name) => ({ room: name, head: this.log(name).length }));
    if (action === 'ping') socket.tell({ type: 'pong', ref, heads });
    if (action === 'auth')
      socket.tell({ type: 'authenticated', ref, until: '2026-01-01T01:00:00Z' });
    if (action === 'leave') {
      socket.rooms.delete(room);
      socket.tell({ type: 'left', ref, room });
    }
    if (action === 'join') {
      socket.rooms.add(room);
      socket.tell({ type: 'joined', ref, room, head: this.log(room).length });
    }
    if (action === 'sendMessage') this.#store(frame, socket);
  }

  /** Stores a message, or finds that it is stored, and acknowledges it. */
  #store({ id: ref, room, content, clientId, after }: Json, socket: FakeSocket): void {
    const log = this.log(String(room));
    const known = log.slice(Number(after)).find((event) => event.clientId === clientId);
    const event =
      known ??
      this.say(String(room), String(content), { sender: 'ann', clientId: String(clientId) });
    const { seq, id, timestamp } = event;
    const duplicate = known !== undefined;
    socket.tell({ type: 'ack', ref, room, seq, id, clientId, timestamp, duplicate });
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    const { pathname, search, searchParams } = new URL(url);
    this.calls.push(`${init.method} ${pathname}${search}`);
    const headers = init.headers as Record<string, string>;
    return new Promise((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      this.timeline.in(3, () => {
        const own = this.onCall(pathname, headers);
        if (own === 'silence') return;
        const { status, body, headers: more } = own ?? this.#answer(pathname, searchParams);
        resolve(new Response(JSON.stringify(body), { status, headers: more ?? {} }));
      });
    });
  }

  #answer(pathname: string, query: URLSearchParams): Answer {
    const [, , , room = '', kind] = pathname.split('/').map(decodeURIComponent);
    const log = this.log(room);
    const limit = Math.min(Number(query.get('limit') ?? 50), this.mostOnPage);
    const after = Number(query.get('after') ?? 0);
    if (after > log.length) return refusal(400, 'after_beyond_head');
    if (pathname === '/api/me/') return { status: 200, body: { username: 'ann', userId: 'ann' } };
    if (pathname === '/api/tickets/')
      return { status: 201, body: { ticket: 'ticket-1', expiresIn: 30 } };
    const expired = this.expired.get(room) ?? 0;
    if (kind === 'events') {
      if (after < expired) return afterExpired(expired + 1);
      const results = log
        .slice(after, after + limit)
        .map((event) => (isMessage(event) ? { ...event, type: 'message' } : event));
      const next = after + results.length < log.length ? 'https://next' : null;
      return { status: 200, body: { head: log.length, next, previous: null, results } };
    }
    const before = Math.min(Number(query.get('before') ?? Infinity), log.length + 1);
    const from = Math.max(after, expired);
    const messages = log.filter((event) => isMessage(event) && event.seq > expired);
    const page = query.has('after')
      ? messages.filter(({ seq }) => seq > from).slice(0, limit)
      : messages.filter(({ seq }) => seq < before).slice(-limit);
    const [first, last] = [page[0], page.at(-1)];
    const older = query.has('after') ? after > expired : first && first.seq > expired + 1;
    const body = {
      next: older ? 'https://older' : null,
      previous: last && last.seq < log.length ? 'https://newer' : null,
      ...(!query.has('before') && !query.has('after') && { head: log.length }),
      results: page.toReversed(),
    };
    return { status: 200, body };
  }
}

const isMessage = ({ type }: Json) => type === 'chat_message';

function afterExpired(firstKept: number): Answer {
  const { body, ...rest } = refusal(410, 'after_expired');
  return { ...rest, body: { ...Object(body), firstKept } };
}

type Handlers = 'onopen' | 'onmessage' | 'onclose' | 'onerror';

export const refusal = (
  status: number,
  code: string,
  more: Record<string, string> = {},
): Answer => ({
  status,
  body: { detail: `Refused: ${code}.`, code },
  headers: { 'x-error-code': code, ...more },
});
