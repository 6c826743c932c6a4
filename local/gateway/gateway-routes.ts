import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRoute } from './http-routes.ts';
import type { ClaimOf } from './queued-invoke.ts';
import type { SocketHandlers } from './socket-routes.ts';

/** What runs behind the gateway. */
export interface GatewayRoutes {
  /** By route key: `$connect`, `$disconnect`, `$default`, and actions by their name. */
  socket: SocketHandlers;
  /**
   * Keys of routes without a route response, beside `$connect` and `$disconnect`: what their
   * handlers answer reaches nobody. Default: none.
   */
  withoutResponse?: readonly string[];
  /** The first match takes a request. */
  http: readonly HttpRoute[];
  /** Whose work a call is. Default: by connections and, over HTTP, by address and route. */
  claimOf?: ClaimOf;
  /**
   * What answers a frame for which there is too much to do, and which nobody has looked at.
   * Default: API Gateway's own word.
   */
  refusedFrame?: (body: string, retryAfterSeconds: number) => string;
  /** Whose pages may call the HTTP API from elsewhere. Default: nobody's. */
  allowedOrigins?: readonly string[] | undefined;
  /**
   * What stands outside API Gateway, as CloudFront would: serves the web page. Asked first.
   * Answers false, with request and response untouched, when the path is not its own.
   */
  page?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}
