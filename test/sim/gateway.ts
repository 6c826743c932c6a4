import type { PostOutcome } from '../../lambdas/chat/ports/connection-gateway.ts';
import { type Instance, SimulatedFault } from './instance.ts';
import { strikes, type World } from './world.ts';

/** One WebSocket connection, as API Gateway sees it. */
export interface Socket {
  id: string;
  state: 'connecting' | 'open' | 'closed';
  openedAt: number;
  /** Posts to it fail with an error of the gateway's. */
  poisoned: boolean;
  onFrame: (text: string) => void;
  onClose: () => void;
  /** When the last frame arrives: none overtakes another. */
  arrival: number;
}

/** A post, as the checks see it: when it began, and how it ended. */
export interface Post {
  socket: Socket;
  frame: string;
  by: Instance;
  at: number;
}

export interface GatewayWatch {
  posting(post: Post): void;
  posted(post: Post, outcome: PostOutcome | 'failed'): void;
}

/** A post without an answer after so long counts as slow. */
const DEADLINE_MS = 3_000;

/** API Gateway's connections: what it says of them, and what it lets through. */
export class SimulatedGateway {
  readonly sockets = new Map<string, Socket>();
  readonly #world: World;
  readonly #watch: GatewayWatch;

  constructor(world: World, watch: GatewayWatch) {
    this.#world = world;
    this.#watch = watch;
  }

  admit(id: string, onFrame: (text: string) => void, onClose: () => void): Socket {
    const openedAt = this.#world.timeline.now;
    const socket: Socket = {
      id,
      state: 'connecting',
      openedAt,
      poisoned: false,
      onFrame,
      onClose,
      arrival: 0,
    };
    this.sockets.set(id, socket);
    return socket;
  }

  /** Ends a connection; the client may hear of it or not. */
  cut(socket: Socket, heard: boolean): void {
    if (socket.state === 'closed') return;
    socket.state = 'closed';
    this.#world.trace('gateway', () => `cuts ${socket.id}${heard ? '' : ', unheard'}`);
    if (heard) this.#world.timeline.in(this.#world.random.between(5, 50), socket.onClose);
  }

  /** A frame on its way to the client, behind those before it. */
  deliver(socket: Socket, text: string): void {
    const { timeline, random } = this.#world;
    socket.arrival = Math.max(socket.arrival, timeline.now + random.between(1, 20));
    timeline.in(socket.arrival - timeline.now, () => {
      if (socket.state === 'open') socket.onFrame(text);
    });
  }

  post(by: Instance, id: string, frame: string): Promise<PostOutcome> {
    const { timeline, random, profile } = this.#world;
    return by.call<PostOutcome>((done) => {
      const socket = this.sockets.get(id);
      const post = socket && { socket, frame, by, at: timeline.now };
      const slow = strikes(this.#world, profile.postFault / 3);
      const way = slow ? random.between(0, 2 * DEADLINE_MS) : random.between(1, 12);
      if (slow) timeline.in(DEADLINE_MS, () => end('slow'));
      timeline.in(way, () => {
        // What its caller had not awaited is not sent once that is frozen.
        if (!by.reaches()) return;
        if (post) this.#watch.posting(post);
        const outcome = this.#outcome(socket);
        if (socket && outcome === 'delivered' && !this.#loses()) this.deliver(socket, frame);
        if (!slow) timeline.in(random.between(1, 5), () => end(outcome));
      });
      const end = (outcome: PostOutcome | 'failed') => {
        this.#world.trace(by.name, () => `posts to ${id}: ${outcome} ${frame.slice(0, 140)}`);
        if (post) this.#watch.posted(post, outcome);
        if (outcome === 'failed') done({ error: new SimulatedFault('The gateway answered 500.') });
        else done({ value: outcome });
      };
    });
  }

  isOpen(by: Instance, id: string): Promise<boolean> {
    return by.call((done) => {
      this.#world.timeline.in(this.#world.random.between(2, 20), () => {
        if (strikes(this.#world, this.#world.profile.postFault)) {
          done({ error: new SimulatedFault('The gateway answered 500.') });
        } else {
          done({ value: this.sockets.get(id)?.state === 'open' });
        }
      });
    });
  }

  close(by: Instance, id: string): Promise<void> {
    return by.call((done) => {
      this.#world.timeline.in(this.#world.random.between(2, 20), () => {
        const socket = this.sockets.get(id);
        if (!by.reaches()) return;
        if (socket) this.cut(socket, true);
        done({ value: undefined });
      });
    });
  }

  #outcome(socket: Socket | undefined): PostOutcome | 'failed' {
    const { profile, random } = this.#world;
    if (socket?.poisoned) return 'failed';
    if (socket?.state !== 'open') return 'gone';
    if (strikes(this.#world, profile.falseGone)) return 'gone';
    if (strikes(this.#world, profile.postFault)) return random.pick(['throttled', 'failed']);
    return 'delivered';
  }

  #loses(): boolean {
    return strikes(this.#world, this.#world.profile.postFault / 3);
  }
}
