import { createServer } from 'node:http';
import { Connections } from './connections.ts';
import { ConnectionsApi } from './connections-api.ts';
import type { TrustsProxy } from './forwarded.ts';
import { FrontServer } from './front-server.ts';
import { AWS_LIMITS, type GatewayLimits } from './gateway-limits.ts';
import { type GatewayLog, logToStderr } from './gateway-log.ts';
import type { GatewayRoutes } from './gateway-routes.ts';
import { listen, stopListening } from './listening.ts';
import type { Sessions } from './socket-server.ts';
import { WorkUnderWay } from './work-under-way.ts';

export type { Connections } from './connections.ts';
export type { GatewayLimits } from './gateway-limits.ts';
export type { GatewayLog } from './gateway-log.ts';
export type { GatewayRoutes } from './gateway-routes.ts';
export type { HttpRoute } from './http-routes.ts';
export type { LambdaCall, LambdaContext, LambdaHandler } from './lambda-invoke.ts';
export { type ClaimOf, ENDED } from './queued-invoke.ts';
export type { Claim } from './work-queue.ts';

export interface GatewayOptions {
  /** Default: AWS's own. */
  limits?: Partial<GatewayLimits>;
  /**
   * Addresses for clients. Default: `127.0.0.1` and `::1`. Those that the machine doesn't have
   * are left out, but for the first. @connections is on loopback always.
   */
  hosts?: readonly [string, ...string[]];
  /** Whose X-Forwarded headers count. Default: nobody's. */
  trusts?: TrustsProxy;
  /** Where failures of handlers are told, each once. Default: stderr. */
  log?: GatewayLog;
}

export interface Gateway {
  /** `http://127.0.0.1:NNNNN`, to which `/@connections/{id}` is appended. */
  readonly connectionsUrl: string;
  /** The same without HTTP, for handlers that run in this process. */
  readonly connections: Connections;
  /**
   * Lets clients in.
   *
   * @param options port 0 takes any free one
   * @returns `http://127.0.0.1:PORT`, or the first of `hosts`
   * @throws the error of the port, with code EADDRINUSE when it is taken; another may be tried
   */
  serve(options: { port: number; routes: GatewayRoutes }): Promise<string>;
  /**
   * Ends every connection with 1001, runs their $disconnect, waits for handlers under way, and
   * frees both ports.
   */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** "localhost" is either, depending on who looks it up. */
const LOCALHOST = [LOOPBACK, '::1'] as const;
const NOBODY: TrustsProxy = () => false;
/** Longer than a client of the @connections API keeps an idle connection: it ends it, not we. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Opens a gateway that speaks API Gateway's dialect. Its @connections API listens from here on,
 * because handlers need the URL before they can be built; clients are let in by `serve`.
 */
export async function openGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { hosts = LOCALHOST, trusts = NOBODY, log = logToStderr } = options;
  const limits: GatewayLimits = { ...AWS_LIMITS, ...options.limits };
  const sessions: Sessions = new Map();
  const work = new WorkUnderWay(log);
  const clients = new Connections(sessions, limits);
  const api = new ConnectionsApi(clients, limits);
  const connections = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    // It fails only when the one who asked has gone; nobody is left to tell.
    api.serve(request, response).catch(() => response.destroy());
  });
  const connectionsUrl = await listen(connections, 0, LOOPBACK);
  connections.on('error', (error) => log('local gateway: server error', error));

  let front: FrontServer | undefined;
  let closed: Promise<void> | undefined;

  async function close(): Promise<void> {
    // Handlers may post to the last.
    await front?.close();
    const stopped = stopListening(connections);
    connections.closeAllConnections();
    await stopped;
  }

  return {
    connectionsUrl,
    connections: clients,
    async serve({ port, routes }) {
      if (front || closed) throw new Error('The gateway serves already, or is closed.');
      const opened = new FrontServer(routes, sessions, limits, work, log, trusts);
      front = opened;
      try {
        return await opened.listen(port, hosts);
      } catch (error) {
        front = undefined;
        throw error;
      }
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
