import { once } from 'node:events';
import WebSocket from 'ws';
import type { AckFrame, ErrorFrame } from '../../protocol/frames.ts';
import type { LocalChat } from '../local-chat.ts';

/** What answers a message: stored, refused, or what is not in the protocol: a function failed. */
export type Answer = AckFrame | ErrorFrame | { type?: undefined };

/** A room, and how far it is known to its members, who tell each other: as if all read it. */
export interface Room {
  readonly name: string;
  head: number;
}

/** Frames that answer nothing, of which there are far too many to read them all here. */
const PASSED_OVER = ['{"type":"events"', '{"type":"chat_message"', '{"type":"waiting"'];

/**
 * A member that sends and reads its answers. It looks at nothing else: a thousand members that read
 * everything on the machine of the server would be the load.
 */
export class Sender {
  readonly user: string;
  readonly room: Room;
  readonly #socket: WebSocket;
  onAnswer: (answer: Answer) => void = () => {};
  /** Frames that brought messages of the room. */
  received = 0;

  private constructor(socket: WebSocket, user: string, room: Room) {
    this.#socket = socket;
    this.user = user;
    this.room = room;
    socket.on('message', (data) => this.#read(String(data)));
    // 'close' follows, and says the same.
    socket.on('error', () => {});
  }

  /** @throws Error when the handshake is refused */
  static async connect(chat: LocalChat, user: string, room: Room): Promise<Sender> {
    const address = `${chat.url.replace('http', 'ws')}/ws/chat/${room.name}/`;
    const socket = new WebSocket(address, ['parlor.v1', await chat.token(user)]);
    const sender = new Sender(socket, user, room);
    await once(socket, 'open');
    return sender;
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(content: string, clientId: string): void {
    const { name: room, head: after } = this.room;
    this.#socket.send(
      JSON.stringify({ action: 'sendMessage', id: clientId, room, content, clientId, after }),
    );
  }

  end(): void {
    this.#socket.terminate();
  }

  #read(text: string): void {
    if (PASSED_OVER.some((start) => text.startsWith(start))) {
      this.received++;
      return;
    }
    const answer: Answer = JSON.parse(text);
    if (answer.type === 'ack') this.room.head = Math.max(this.room.head, answer.seq);
    this.onAnswer(answer);
  }
}
