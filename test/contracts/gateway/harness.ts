import { afterEach } from '@jest/globals';
import type {
  GatewayLimits,
  GatewayRoutes,
  LambdaContext,
  LambdaHandler,
} from '../../../local/gateway/gateway.ts';
import type {
  ConnectEvent,
  DisconnectEvent,
  MessageEvent,
} from '../../../local/gateway/socket-events.ts';

/** A gateway under test. */
export interface GatewayUnderTest {
  /** `http://...`, without a slash at the end. */
  url: string;
  connectionsUrl: string;
  /** What it said of failures of handlers. */
  logged: readonly string[];
  close(): Promise<void>;
}

/** Opens a gateway with handlers that may use the URL of its @connections API. */
export type OpenGatewayUnderTest = (
  routes: (connectionsUrl: string) => Partial<GatewayRoutes>,
  limits?: Partial<GatewayLimits>,
) => Promise<GatewayUnderTest>;

/** The same, and each is closed after the test that opened it. */
export function closedAfterEach(open: OpenGatewayUnderTest): OpenGatewayUnderTest {
  const opened: GatewayUnderTest[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((gateway) => gateway.close()));
  });
  return async (routes, limits) => {
    const gateway = await open(routes, limits);
    opened.push(gateway);
    return gateway;
  };
}

/** A queue of what handlers saw, to be waited for. */
export class Seen<T> {
  readonly all: T[] = [];
  #wake: (() => void)[] = [];

  add(value: T): void {
    this.all.push(value);
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** What came as number `index`, once it has come. */
  async at(index: number): Promise<T> {
    while (true) {
      const value = this.all[index];
      if (value !== undefined) return value;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }
}

export const ok: LambdaHandler = async () => ({ statusCode: 200 });

/** Keeps each event and answers 200. */
export const keeping =
  <T>(seen: Seen<T>): LambdaHandler =>
  async (event) => {
    seen.add(event as T);
    return { statusCode: 200 };
  };

type SocketEvent = ConnectEvent & MessageEvent & DisconnectEvent;

/** A handler that gets its event in the type of a WebSocket route's events. */
export const onSocket =
  (handler: (event: SocketEvent, context: LambdaContext) => unknown): LambdaHandler =>
  async (event, context) =>
    handler(event as SocketEvent, context);

/** A request to the @connections API, signed as far as the gateway looks. */
export const signed = (
  connectionsUrl: string,
  connectionId: string,
  init: RequestInit = { method: 'POST' },
): Promise<Response> =>
  fetch(`${connectionsUrl}/@connections/${encodeURIComponent(connectionId)}`, {
    ...init,
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=local' },
  });
