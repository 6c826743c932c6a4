import type { IncomingMessage } from 'node:http';
import type { Forwarded } from './forwarded.ts';
import type { GatewayLog } from './gateway-log.ts';
import type { GatewayRoutes } from './gateway-routes.ts';
import { isRecord, structuredAnswer } from './lambda-answer.ts';
import type { LambdaHandler, LambdaInvoke } from './lambda-invoke.ts';
import { gatewayAnswer, type RawAnswer } from './raw-answer.ts';
import { REFUSED, RETRY_AFTER } from './refused.ts';
import { newRequestId } from './request-ids.ts';
import { selectRoute } from './route-selection.ts';
import { connectEvent, disconnectEvent, messageEvent, type SocketOrigin } from './socket-events.ts';
import type { Refusal } from './work-queue.ts';

/** Handlers by route key: `$connect`, `$disconnect`, `$default`, and actions. */
export type SocketHandlers = Readonly<Record<string, LambdaHandler>>;

export type ConnectResult =
  | { kind: 'accepted'; subprotocol?: string }
  | { kind: 'refused'; answer: RawAnswer };

export type SocketApiRoutes = Pick<GatewayRoutes, 'socket' | 'withoutResponse' | 'refusedFrame'>;

/** Brings the events of WebSocket connections to their handlers, and reads their answers. */
export class SocketRoutes {
  readonly #handlers: SocketHandlers;
  readonly #silent: ReadonlySet<string>;
  readonly #refusedFrame: GatewayRoutes['refusedFrame'];
  readonly #invoke: LambdaInvoke;
  readonly #log: GatewayLog;

  constructor(
    { socket, withoutResponse = [], refusedFrame }: SocketApiRoutes,
    invoke: LambdaInvoke,
    log: GatewayLog,
  ) {
    this.#handlers = socket;
    this.#silent = new Set(withoutResponse);
    this.#refusedFrame = refusedFrame;
    this.#invoke = invoke;
    this.#log = log;
  }

  /** Whether the connection may be opened. Without a $connect route each may. */
  async connect(
    origin: SocketOrigin,
    request: IncomingMessage,
    query: string,
    forwarded: Forwarded,
  ): Promise<ConnectResult> {
    const handler = this.#handlers.$connect;
    if (!handler) return { kind: 'accepted' };
    const event = connectEvent(origin, request, query, forwarded);
    const { requestId } = event.requestContext;
    const failure = (): ConnectResult => ({
      kind: 'refused',
      answer: gatewayAnswer(502, trouble('Internal server error', origin, requestId)),
    });
    const outcome = await this.#invoke({ handler, event, routeKey: '$connect', requestId });
    if (outcome.kind === 'refused') return { kind: 'refused', answer: REFUSED[outcome.refusal] };
    if (outcome.kind !== 'answered') return failure();
    try {
      const answer = structuredAnswer(outcome.answer);
      if (answer.status >= 400) return { kind: 'refused', answer };
      const subprotocol = answer.headers['sec-websocket-protocol'];
      return { kind: 'accepted', ...(typeof subprotocol === 'string' && { subprotocol }) };
    } catch (error) {
      this.#log('handler of $connect gave a malformed answer', error);
      return failure();
    }
  }

  /**
   * What goes back to the client: that the handler failed, or its body where the route has a
   * response. A body that is empty or missing is an empty message, as reported of API Gateway
   * (serverless/serverless#6816).
   */
  async message(origin: SocketOrigin, body: string): Promise<string | undefined> {
    const routeKey = selectRoute(body, this.#handlers);
    const event = messageEvent(origin, routeKey ?? '$default', body);
    const { requestId } = event.requestContext;
    const tell = (message: string) => JSON.stringify(trouble(message, origin, requestId));
    const handler = routeKey === undefined ? undefined : this.#handlers[routeKey];
    if (routeKey === undefined || handler === undefined) return tell('Forbidden');
    const outcome = await this.#invoke({ handler, event, routeKey, requestId });
    if (outcome.kind === 'timed out') return tell('Endpoint request timed out');
    if (outcome.kind === 'failed') return tell('Internal server error');
    if (outcome.kind === 'refused') return this.refused(origin, body, outcome.refusal, requestId);
    const { answer } = outcome;
    const reply = isRecord(answer) ? (answer.body ?? '') : undefined;
    if (!isRecord(answer) || !Number.isInteger(answer.statusCode) || typeof reply !== 'string') {
      this.#log(`handler of ${routeKey} gave a malformed answer: statusCode or body is amiss`);
      return tell('Internal server error');
    }
    return this.#silent.has(routeKey) ? undefined : reply;
  }

  /** What goes to a client whose frame was not looked at. */
  refused(
    origin: SocketOrigin,
    body: string,
    refusal: Refusal,
    requestId = newRequestId(),
  ): string {
    const told = this.#refusedFrame?.(body, RETRY_AFTER[refusal]);
    return told ?? JSON.stringify(trouble('Too Many Requests', origin, requestId));
  }

  async disconnect(origin: SocketOrigin, code: number, reason: string): Promise<void> {
    const handler = this.#handlers.$disconnect;
    if (!handler) return;
    const event = disconnectEvent(origin, code, reason);
    const { requestId } = event.requestContext;
    // Nobody waits for the answer; a failure has been logged.
    await this.#invoke({ handler, event, routeKey: '$disconnect', requestId });
  }
}

/** API Gateway's own words to a client. */
const trouble = (message: string, { connectionId }: SocketOrigin, requestId: string) => ({
  message,
  connectionId,
  requestId,
});
