import type { RoomEvent } from '../../lambdas/chat/event.ts';
import type { Replay } from '../../lambdas/chat/history.ts';
import type { Code } from './code.ts';
import {
  answer,
  connect,
  type Handshake,
  type Ports,
  portsOf,
  type SimulatedFrame,
} from './functions.ts';
import type { GatewayWatch, Socket } from './gateway.ts';
import { SimulatedGateway } from './gateway.ts';
import { Instance, type Outcome, SimulatedFault } from './instance.ts';
import { relayOf } from './relay.ts';
import type { SimulatedTable } from './table.ts';
import type { World } from './world.ts';

/** A client's end of a connection. */
export interface Peer {
  onOpen(): void;
  onFrame(text: string): void;
  onClose(): void;
}

const FUNCTION_MS = 29_000;

/** A refusal, a fault that was made up, or a group that found no slot. */
const isExpected = (error: unknown) =>
  error instanceof SimulatedFault ||
  (error instanceof Error && (error.name === 'ParlorError' || /every slot/.test(error.message)));

/** Lambda and API Gateway: which function runs when, and what happens to its answer. */
export class Cloud {
  readonly world: World;
  readonly code: Code;
  readonly table: SimulatedTable;
  readonly gateway: SimulatedGateway;
  #invocations = 0;
  #connections = 0;

  constructor(world: World, code: Code, table: SimulatedTable, watch: GatewayWatch) {
    this.world = world;
    this.code = code;
    this.table = table;
    this.gateway = new SimulatedGateway(world, watch);
  }

  /** Runs one function once, from a cold start. */
  invoke<Result>(
    name: string,
    timeoutMs: number,
    serves: string | undefined,
    work: (ports: Ports, instance: Instance) => Promise<Result>,
    onEnd: (outcome: Outcome<Result>) => void,
  ): void {
    const { timeline, random } = this.world;
    const label = `${name}/${++this.#invocations}`;
    const instance = new Instance(this.world, label, serves, (why) =>
      // Whoever waits is told a little later.
      timeline.in(5, () => onEnd({ error: new SimulatedFault(`${label} ${why}`) })),
    );
    timeline.in(timeoutMs, () => instance.die('times out'));
    timeline.in(random.between(1, 15), () => {
      const relay = relayOf(this, instance);
      const ports = portsOf(this.code, this.world, this.table, this.gateway, relay, instance);
      const end = (outcome: Outcome<Result>) => {
        if (!instance.running) return;
        instance.freeze();
        onEnd(outcome);
      };
      work(ports, instance).then(
        (value) => end({ value }),
        (error: unknown) => {
          if (!isExpected(error)) {
            this.world.violated('no function fails by itself', `${label}: ${String(error)}`);
          }
          end({ error });
        },
      );
    });
  }

  /** Opens a connection, if its $connect lets it. */
  connect(handshake: Omit<Handshake, 'connectionId'>, peer: Peer): Socket {
    const connectionId = `c${++this.#connections}`;
    const socket = this.gateway.admit(connectionId, peer.onFrame, peer.onClose);
    this.world.trace(handshake.userId, () => `connects as ${connectionId} to ${handshake.room}`);
    this.invoke(
      'connect',
      FUNCTION_MS,
      connectionId,
      (ports) => connect(this.code, ports, { ...handshake, connectionId }),
      (outcome) => {
        if ('error' in outcome || socket.state === 'closed') {
          socket.state = 'closed';
          this.world.timeline.in(1, peer.onClose);
          return;
        }
        this.world.timeline.in(this.world.random.between(1, 30), () => {
          if (socket.state !== 'connecting') return;
          socket.state = 'open';
          this.world.timeline.in(this.world.random.between(1, 20), peer.onOpen);
        });
      },
    );
    return socket;
  }

  /** Ends a connection from either side. Nobody may hear of it. */
  disconnect(socket: Socket, heard: boolean): void {
    if (socket.state === 'closed') return;
    this.gateway.cut(socket, heard);
    if (this.world.random.chance(this.world.profile.missedDisconnect)) return;
    this.world.timeline.in(this.world.random.between(1, 500), () =>
      this.invoke(
        'disconnect',
        FUNCTION_MS,
        socket.id,
        (ports) => ports.connections.remove(socket.id),
        () => undefined,
      ),
    );
  }

  /** A client's frame on its way; the function's answer goes to that connection. */
  frame(socket: Socket, frame: SimulatedFrame): void {
    this.world.timeline.in(this.world.random.between(1, 20), () => {
      if (socket.state !== 'open') return;
      this.invoke(
        frame.action,
        FUNCTION_MS,
        socket.id,
        (ports) => this.#answer(ports, socket.id, frame),
        (outcome) => {
          if (socket.state !== 'open') return;
          const body = 'value' in outcome ? outcome.value : { message: 'Internal server error' };
          if (body) this.gateway.deliver(socket, JSON.stringify(body));
        },
      );
    });
  }

  async #answer(ports: Ports, id: string, frame: SimulatedFrame) {
    return await answer(this.code, ports, id, frame, (failure) => {
      if (isExpected(failure)) return;
      this.world.violated('no function fails by itself', `${frame.action}: ${String(failure)}`);
    });
  }

  /** GET /api/rooms/{room}/events/ */
  replay(room: string, after: number, onEnd: (outcome: Outcome<Replay>) => void): void {
    const count = this.world.profile.replayEvents;
    // Some pages end by their events' weight, before their limit.
    const bound = { count, bytes: 2 * count, bytesOf: ({ seq }: RoomEvent) => 1 + (seq % 3) };
    this.invoke(
      'http',
      FUNCTION_MS,
      undefined,
      (ports) => this.code.replay(ports, room, after, bound),
      (outcome) => this.world.timeline.in(this.world.random.between(1, 20), () => onEnd(outcome)),
    );
  }

  /** A superuser removes someone from a room, again until he is told that it is done. */
  remove(userId: string, room: string, onDone: () => void): void {
    this.world.trace('superuser', () => `removes ${userId} from ${room}`);
    this.invoke(
      'http',
      FUNCTION_MS,
      undefined,
      (ports) => this.code.setRemoved(ports, userId, room, true),
      (outcome) => {
        if ('value' in outcome) onDone();
        else this.world.timeline.in(1_000, () => this.remove(userId, room, onDone));
      },
    );
  }
}
