import type { IncomingMessage } from 'node:http';
import { corsHeaders, preflightAnswer } from './cors.ts';
import { forwardedOf, type TrustsProxy } from './forwarded.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import type { GatewayLog } from './gateway-log.ts';
import type { GatewayRoutes } from './gateway-routes.ts';
import { decodedPath, httpEvent } from './http-events.ts';
import { type HttpRoute, matchRoute } from './http-routes.ts';
import { isRecord, structuredAnswer } from './lambda-answer.ts';
import type { LambdaInvoke } from './lambda-invoke.ts';
import { gatewayAnswer, type RawAnswer } from './raw-answer.ts';
import { REFUSED } from './refused.ts';
import { readBody } from './request-body.ts';

const BAD_REQUEST = gatewayAnswer(400, { message: 'Bad Request' });
const NOT_FOUND = gatewayAnswer(404, { message: 'Not Found' });
const TOO_LARGE = gatewayAnswer(413, { message: 'Request Entity Too Large' });
const FAILED = gatewayAnswer(500, { message: 'Internal Server Error' });
const TIMED_OUT = gatewayAnswer(503, { message: 'Service Unavailable' });

export type HttpApiRoutes = Pick<GatewayRoutes, 'http' | 'allowedOrigins'>;

/** The HTTP API: brings requests to their handlers in payload format 2.0, and answers back. */
export class HttpApi {
  readonly #routes: readonly HttpRoute[];
  readonly #origins: readonly string[];
  readonly #invoke: LambdaInvoke;
  readonly #limits: GatewayLimits;
  readonly #log: GatewayLog;
  readonly #trusts: TrustsProxy;

  constructor(
    { http, allowedOrigins = [] }: HttpApiRoutes,
    invoke: LambdaInvoke,
    limits: GatewayLimits,
    log: GatewayLog,
    trusts: TrustsProxy,
  ) {
    this.#routes = http;
    this.#origins = allowedOrigins;
    this.#invoke = invoke;
    this.#limits = limits;
    this.#log = log;
    this.#trusts = trusts;
  }

  /** @throws when the client goes away before its request is whole */
  async answer(request: IncomingMessage): Promise<RawAnswer> {
    const preflight = preflightAnswer(request, this.#origins);
    if (preflight) return preflight;
    const { headers, ...answer } = await this.#answerOf(request);
    return { ...answer, headers: { ...headers, ...corsHeaders(request, this.#origins) } };
  }

  async #answerOf(request: IncomingMessage): Promise<RawAnswer> {
    const body = await readBody(request, this.#limits.restBodyBytes);
    if (body === 'too large') return TOO_LARGE;
    const path = pathOf(request);
    if (path === undefined) return BAD_REQUEST;
    const match = matchRoute(this.#routes, request.method ?? 'GET', path);
    if (!match) return NOT_FOUND;

    const { handler, routeKey } = match;
    const event = httpEvent(request, path, match, body, forwardedOf(request, this.#trusts));
    const { requestId } = event.requestContext;
    const outcome = await this.#invoke({ handler, event, routeKey, requestId });
    if (outcome.kind === 'timed out') return TIMED_OUT;
    if (outcome.kind === 'refused') return REFUSED[outcome.refusal];
    if (outcome.kind === 'failed') return FAILED;
    try {
      const answer = inferredAnswer(outcome.answer);
      return { ...answer, headers: { ...answer.headers, 'apigw-requestid': requestId } };
    } catch (error) {
      this.#log(`handler of ${routeKey} gave a malformed answer`, error);
      return FAILED;
    }
  }
}

function pathOf(request: IncomingMessage): string | undefined {
  try {
    return decodedPath(request);
  } catch {
    return undefined;
  }
}

/** An answer without a status is a body of JSON; text is taken to be JSON already. */
function inferredAnswer(answer: unknown): RawAnswer {
  if (!isRecord(answer) || answer.statusCode === undefined) {
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const structured = structuredAnswer(answer);
  return {
    ...structured,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...structured.headers },
  };
}
