import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { TrustsProxy } from './forwarded.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import type { GatewayLog } from './gateway-log.ts';
import type { GatewayRoutes } from './gateway-routes.ts';
import { HttpApi } from './http-api.ts';
import { lambdaInvoke } from './lambda-invoke.ts';
import { listenOnAll, stopListening } from './listening.ts';
import { claimOfOrigin, queuedInvoke } from './queued-invoke.ts';
import { gatewayAnswer, sendAnswer } from './raw-answer.ts';
import { splitTarget } from './request-headers.ts';
import { SocketRoutes } from './socket-routes.ts';
import { type Sessions, SocketServer } from './socket-server.ts';
import { isSocketPath } from './socket-url.ts';
import { WorkQueue } from './work-queue.ts';
import type { WorkUnderWay } from './work-under-way.ts';

/** How long clients have to take their leave when the gateway closes. */
const LEAVE_MS = 1_000;

const NO_UPGRADE = gatewayAnswer(
  426,
  { message: 'This is a WebSocket: open it with ws://' },
  { upgrade: 'websocket' },
);
const FAILED = gatewayAnswer(500, { message: 'Internal Server Error' });
const CLOSING = gatewayAnswer(503, { message: 'Service Unavailable' });

/** The one port for clients: page, HTTP API and WebSocket API, as CloudFront puts them together. */
export class FrontServer {
  readonly #newServer: () => Server;
  #servers: readonly Server[] = [];
  readonly #sockets: SocketServer;
  readonly #http: HttpApi;
  readonly #page: GatewayRoutes['page'];
  readonly #work: WorkUnderWay;
  readonly #log: GatewayLog;
  #closing = false;

  constructor(
    routes: GatewayRoutes,
    sessions: Sessions,
    limits: GatewayLimits,
    work: WorkUnderWay,
    log: GatewayLog,
    trusts: TrustsProxy,
  ) {
    const queue = new WorkQueue(limits);
    const { claimOf = claimOfOrigin } = routes;
    // A handler's time begins with its turn.
    const invokeWithin = (timeoutSeconds: number) =>
      queuedInvoke(
        lambdaInvoke({ timeoutSeconds, answerBytes: limits.lambdaAnswerBytes }, log),
        queue,
        claimOf,
      );
    const socketInvoke = invokeWithin(limits.integrationTimeoutSeconds);
    const httpInvoke = invokeWithin(limits.httpTimeoutSeconds);
    const socketRoutes = new SocketRoutes(routes, socketInvoke, log);
    this.#sockets = new SocketServer(sessions, socketRoutes, limits, work, log, trusts);
    const during: typeof httpInvoke = (call) => work.during(() => httpInvoke(call));
    this.#http = new HttpApi(routes, during, limits, log, trusts);
    this.#page = routes.page;
    this.#work = work;
    this.#log = log;
    const options: ServerOptions = {
      maxHeaderSize: limits.headerBytes,
      // What offers another protocol, such as h2c, is served as if it had not.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    };
    this.#newServer = () => {
      const server = createServer(options);
      server.on('request', (request, response) => {
        this.#serve(request, response).catch((error: unknown) => this.#fail(response, error));
      });
      server.on('upgrade', (request, _socket, head) =>
        this.#sockets.upgrade(request, request.socket, head),
      );
      return server;
    };
  }

  /**
   * @param hosts those that the machine doesn't have are left out, but for the first
   * @returns the URL by the first of them
   * @throws the error of the port
   */
  async listen(port: number, hosts: readonly [string, ...string[]]): Promise<string> {
    const { url, servers } = await listenOnAll(this.#newServer, port, hosts);
    this.#servers = servers;
    for (const server of servers) {
      // Such as too many open files: the connection that met it is lost, the server goes on.
      server.on('error', (error) => this.#log('local gateway: server error', error));
    }
    return url;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#closing) return sendAnswer(response, CLOSING);
    if (isSocketPath(splitTarget(request).path)) return sendAnswer(response, NO_UPGRADE);
    if (await this.#page?.(request, response)) return;
    const answer = await this.#http.answer(request);
    // A connection that is kept would keep the port.
    if (this.#closing) response.shouldKeepAlive = false;
    sendAnswer(response, answer);
  }

  #fail(response: ServerResponse, error: unknown): void {
    // A client that left in the middle of its request is no failure.
    if (response.destroyed) return;
    this.#log('local gateway: a request failed', error);
    if (response.headersSent) response.destroy();
    else sendAnswer(response, FAILED);
  }

  /** Ends connections with 1001, and returns once all work is done and the port is free. */
  async close(): Promise<void> {
    this.#closing = true;
    const stopped = Promise.all(this.#servers.map(stopListening));
    this.#sockets.end();
    await this.#work.settled();
    const patience = setTimeout(() => {
      this.#sockets.cut();
      for (const server of this.#servers) server.closeAllConnections();
    }, LEAVE_MS);
    await stopped;
    clearTimeout(patience);
    // A request that was still being received may have reached its handler meanwhile.
    await this.#work.settled();
  }
}
