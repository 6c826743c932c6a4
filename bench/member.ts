import { once } from 'node:events';
import WebSocket from 'ws';
import type { AckFrame, ChatMessageFrame, ServerFrame } from '../protocol/frames.ts';
import { PAGE_MAX } from '../protocol/limits.ts';
import type { LocalChat } from './local-chat.ts';

/** One client of a room, as a good one behaves: it knows what it has, and fetches what it missed. */
export class Member {
  readonly #chat: Pick<LocalChat, 'url' | 'token'>;
  readonly #user: string;
  readonly #room: string;
  readonly #has = new Set<number>();
  /** Called for each event that comes over the socket. */
  onEvent: (event: ChatMessageFrame) => void = () => {};
  onAck: (ack: AckFrame) => void = () => {};
  /** Called for each frame that was answered with an error. */
  onRefused: () => void = () => {};
  socket: WebSocket | undefined;
  /** Up to here it has everything. */
  complete = 0;
  /** Events that it had to fetch. */
  fetched = 0;

  constructor(chat: Pick<LocalChat, 'url' | 'token'>, user: string, room: string) {
    this.#chat = chat;
    this.#user = user;
    this.#room = room;
  }

  /** @throws Error when the handshake is refused */
  async connect(): Promise<void> {
    const token = await this.#chat.token(this.#user);
    const address = `${this.#chat.url.replace('http', 'ws')}/ws/chat/${this.#room}/`;
    const socket = new WebSocket(address, ['parlor.v1', token]);
    this.socket = socket;
    socket.on('message', (data) => this.#read(JSON.parse(String(data))));
    await once(socket, 'open');
    socket.on('error', () => {});
  }

  /** @param clientId its own id of the message, which its acknowledgement names */
  send(content: string, clientId: string): void {
    const message = { room: this.#room, content, clientId, after: this.complete };
    this.socket?.send(JSON.stringify({ action: 'sendMessage', ...message }));
  }

  /** Fetches what came before the socket was open, or went past it. */
  async replay(): Promise<void> {
    const authorization = `Bearer ${await this.#chat.token(this.#user)}`;
    for (;;) {
      const path = `/api/rooms/${this.#room}/events/?after=${this.complete}&limit=${PAGE_MAX}`;
      const response = await fetch(this.#chat.url + path, { headers: { authorization } });
      if (!response.ok) throw new Error(`A replay was answered with ${response.status}.`);
      const page = (await response.json()) as { next: string | null; results: { seq: number }[] };
      for (const { seq } of page.results) if (this.#take(seq)) this.fetched++;
      if (page.next === null) return;
    }
  }

  #read(frame: ServerFrame): void {
    if (frame.type === 'ack') this.onAck(frame);
    if (frame.type === 'error') this.onRefused();
    const all = frame.type === 'events' ? frame.events : [frame];
    const events = all.filter((event) => event.type === 'chat_message');
    for (const event of events) {
      if (!('seq' in event)) continue;
      if (this.#take(event.seq)) this.onEvent(event);
    }
  }

  /** @returns whether it was new */
  #take(seq: number): boolean {
    if (seq <= this.complete || this.#has.has(seq)) return false;
    this.#has.add(seq);
    while (this.#has.delete(this.complete + 1)) this.complete++;
    return true;
  }
}

/** Waits until something holds, looking often; or until it has waited too long. */
export async function until(holds: () => boolean, longestMs: number): Promise<boolean> {
  const deadline = performance.now() + longestMs;
  while (!holds()) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}
