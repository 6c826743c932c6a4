import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts';
import { SOCKET_ADDRESS_CHARS } from '../../protocol/limits.ts';
import { type Forwarded, forwardedOf, type TrustsProxy } from './forwarded.ts';
import { FrameGuard } from './frame-guard.ts';
import { FrameQueue } from './frame-queue.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import type { GatewayLog } from './gateway-log.ts';
import { GuardedSocket } from './guarded-socket.ts';
import { gatewayAnswer, refuseUpgrade } from './raw-answer.ts';
import { splitTarget } from './request-headers.ts';
import { newConnectionId } from './request-ids.ts';
import { type SocketOrigin, socketOrigin } from './socket-events.ts';
import type { SocketRoutes } from './socket-routes.ts';
import { SocketSession } from './socket-session.ts';
import { lengthAtStage, socketQuery } from './socket-url.ts';
import { RefusedError } from './work-queue.ts';
import type { WorkUnderWay } from './work-under-way.ts';

/** What the edge's function says (lib/edge/viewer-request.js); the stage itself would say less. */
const TOO_LONG = gatewayAnswer(ERRORS.address_too_long.status, {
  detail: `The address has more than ${SOCKET_ADDRESS_CHARS} characters. Offer the token as a subprotocol, or bring a ticket.`,
  code: 'address_too_long' satisfies ErrorCode,
});
const NO_SUCH_PATH = gatewayAnswer(403, { message: 'Forbidden' });
const CLOSING = gatewayAnswer(503, { message: 'Service Unavailable' });

/** Open connections by id. */
export type Sessions = Map<string, SocketSession>;

/** An upgrade request on its way through $connect. */
interface Attempt {
  origin: SocketOrigin;
  forwarded: Forwarded;
  query: string;
  socket: Socket;
  guarded: GuardedSocket;
  subprotocol?: string;
}

/** The WebSocket API: takes upgrade requests and runs what comes over the connections. */
export class SocketServer {
  readonly #sessions: Sessions;
  readonly #routes: SocketRoutes;
  readonly #limits: GatewayLimits;
  readonly #work: WorkUnderWay;
  readonly #log: GatewayLog;
  readonly #trusts: TrustsProxy;
  /** Every TCP connection that asked for an upgrade. */
  readonly #tcp = new Set<Socket>();
  readonly #attempts = new WeakMap<IncomingMessage, Attempt>();
  readonly #upgrader: WebSocketServer;
  #closing = false;

  constructor(
    sessions: Sessions,
    routes: SocketRoutes,
    limits: GatewayLimits,
    work: WorkUnderWay,
    log: GatewayLog,
    trusts: TrustsProxy,
  ) {
    this.#sessions = sessions;
    this.#log = log;
    this.#trusts = trusts;
    this.#routes = routes;
    this.#limits = limits;
    this.#work = work;
    const options = {
      noServer: true,
      clientTracking: false,
      maxPayload: limits.messageBytes,
      closeTimeout: limits.closeSeconds * 1000,
      // Asked once `ws` has found the request to be a sound one.
      verifyClient: (
        { req }: { req: IncomingMessage },
        accept: (accepted: boolean) => void,
      ): void => this.#work.start(() => this.#connect(req, () => accept(true))),
      // The default takes the first one offered; API Gateway takes what $connect returned.
      handleProtocols: (_offered: Set<string>, request: IncomingMessage) =>
        this.#attempts.get(request)?.subprotocol ?? false,
    };
    this.#upgrader = new WebSocketServer(options);
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    // A client may vanish at any time; 'close' follows and says all there is to know.
    socket.on('error', () => {});
    socket.on('close', () => this.#tcp.delete(socket));
    this.#tcp.add(socket);
    const { path, query: sent } = splitTarget(request);
    const query = socketQuery(path, sent);
    if (this.#closing || query === undefined || lengthAtStage(query) > this.#limits.urlChars) {
      const answer = this.#closing ? CLOSING : query === undefined ? NO_SUCH_PATH : TOO_LONG;
      refuseUpgrade(request, socket, answer);
      return;
    }
    const guarded = new GuardedSocket(socket, head, new FrameGuard(this.#limits));
    const forwarded = forwardedOf(request, this.#trusts);
    const origin = socketOrigin(newConnectionId(), request, forwarded);
    const attempt: Attempt = { origin, forwarded, query, socket, guarded };
    this.#attempts.set(request, attempt);
    this.#upgrader.handleUpgrade(request, guarded, Buffer.alloc(0), (webSocket) =>
      this.#open(webSocket, attempt),
    );
  }

  async #connect(request: IncomingMessage, accept: () => void): Promise<void> {
    const attempt = this.#attempts.get(request);
    if (!attempt) return;
    const { origin, forwarded, guarded } = attempt;
    const result = await this.#routes.connect(origin, request, attempt.query, forwarded);
    if (result.kind === 'refused') {
      return refuseUpgrade(request, attempt.socket, result.answer);
    }
    if (!guarded.readable || !guarded.writable) {
      // The client left meanwhile. `ws` would not open the connection, and $disconnect never run.
      guarded.destroy();
      return this.#routes.disconnect(origin, 1006, '');
    }
    attempt.subprotocol = result.subprotocol;
    accept();
  }

  #open(webSocket: WebSocket, { origin, guarded }: Attempt): void {
    const queue = new FrameQueue(this.#limits, webSocket);
    const session = new SocketSession(webSocket, origin, this.#limits, {
      message: (body) => this.#work.start(() => this.#take(session, queue, body)),
      ended: (code, reason) => {
        this.#sessions.delete(origin.connectionId);
        this.#work.start(() => this.#routes.disconnect(origin, code, reason));
      },
    });
    this.#sessions.set(origin.connectionId, session);
    const tooLong = () => {
      session.end(1009, 'Message too long');
      // The client's own close frame will not be read any more: hang up without it.
      guarded.end();
    };
    // A client may send before it has the answer to its upgrade request.
    if (guarded.stopped) tooLong();
    else guarded.once('oversize', tooLong);
    if (this.#closing) session.end(1001, 'Going away');
  }

  async #take(session: SocketSession, queue: FrameQueue, body: string): Promise<void> {
    try {
      await queue.during(() => this.#message(session, body));
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      session.post(this.#routes.refused(session.origin, body, error.refusal));
    }
  }

  async #message(session: SocketSession, body: string): Promise<void> {
    const reply = await this.#routes.message(session.origin, body);
    if (reply === undefined) return;
    if (Buffer.byteLength(reply) <= this.#limits.messageBytes) session.post(reply);
    else this.#log(`an answer is larger than a message may be: ${this.#limits.messageBytes} bytes`);
  }

  /** Ends every connection with 1001 and lets no new one in. */
  end(): void {
    this.#closing = true;
    for (const session of [...this.#sessions.values()]) session.end(1001, 'Going away');
  }

  /** Cuts what is still connected. */
  cut(): void {
    for (const socket of this.#tcp) socket.destroy();
  }
}
