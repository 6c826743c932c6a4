import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayLimits } from './gateway-limits.ts';
import { gatewayAnswer, type RawAnswer, sendAnswer } from './raw-answer.ts';
import { readBody } from './request-body.ts';
import { splitTarget } from './request-headers.ts';
import { isConnectionId } from './request-ids.ts';
import type { Sessions } from './socket-server.ts';
import type { SocketSession } from './socket-session.ts';
import { TokenBucket } from './token-bucket.ts';

/** The AWS SDK tells errors apart by this header. */
const failure = (status: number, type: string, message: string): RawAnswer =>
  gatewayAnswer(status, { message }, { 'x-amzn-errortype': type });

const GONE = failure(410, 'GoneException', 'Gone');
const NOT_SIGNED = failure(403, 'ForbiddenException', 'Missing Authentication Token');
const BAD_ID = failure(400, 'BadRequestException', 'Invalid connectionId');
const TOO_FAST = failure(429, 'LimitExceededException', 'Too Many Requests');
const BUFFER_FULL = failure(429, 'LimitExceededException', "The client's buffer is full");
const TOO_LARGE = failure(413, 'PayloadTooLargeException', 'Payload Too Large');

/**
 * The @connections API. It looks for a signature but does not check it: there is no account to
 * check it against, and it listens on the loopback interface.
 */
export class ConnectionsApi {
  readonly #sessions: Sessions;
  readonly #limits: GatewayLimits;
  readonly #budget: TokenBucket;

  constructor(sessions: Sessions, limits: GatewayLimits) {
    this.#sessions = sessions;
    this.#limits = limits;
    this.#budget = new TokenBucket(limits.postsPerSecond, limits.postBurst, performance.now());
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, this.#limits.messageBytes);
    sendAnswer(response, this.#answer(request, body));
  }

  #answer(request: IncomingMessage, body: Buffer | 'too large'): RawAnswer {
    const id = connectionIdOf(request);
    const signed = (request.headers.authorization ?? '').startsWith('AWS4-HMAC-SHA256 ');
    if (id === undefined || !signed) return NOT_SIGNED;
    if (!isConnectionId(id)) return BAD_ID;
    const session = this.#sessions.get(id);
    switch (request.method) {
      case 'POST':
        return this.#post(session, body);
      case 'GET':
        return session ? describe(session) : GONE;
      case 'DELETE':
        session?.end(1000, 'Connection Closed Normally');
        return session ? { status: 204, headers: {}, body: '' } : GONE;
      default:
        return NOT_SIGNED;
    }
  }

  #post(session: SocketSession | undefined, body: Buffer | 'too large'): RawAnswer {
    if (!this.#budget.take(performance.now())) return TOO_FAST;
    if (body === 'too large') return TOO_LARGE;
    const posted = session?.post(body) ?? 'gone';
    if (posted === 'gone') return GONE;
    return posted === 'full' ? BUFFER_FULL : { status: 200, headers: {}, body: '' };
  }
}

/** API Gateway answers a path that it has nothing at as it answers a request without signature. */
function connectionIdOf(request: IncomingMessage): string | undefined {
  const encoded = /^\/@connections\/([^/]+)$/.exec(splitTarget(request).path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

const describe = ({ origin, lastActiveAt }: SocketSession): RawAnswer =>
  gatewayAnswer(200, {
    connectedAt: new Date(origin.connectedAt).toISOString(),
    identity: origin.identity,
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  });
