import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connections, Posted } from './connections.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import { gatewayAnswer, type RawAnswer, sendAnswer } from './raw-answer.ts';
import { readBody } from './request-body.ts';
import { splitTarget } from './request-headers.ts';
import { isConnectionId } from './request-ids.ts';

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
  readonly #connections: Connections;
  readonly #messageBytes: number;

  constructor(connections: Connections, { messageBytes }: Pick<GatewayLimits, 'messageBytes'>) {
    this.#connections = connections;
    this.#messageBytes = messageBytes;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, this.#messageBytes);
    sendAnswer(response, this.#answer(request, body));
  }

  #answer(request: IncomingMessage, body: Buffer | 'too large'): RawAnswer {
    const id = connectionIdOf(request);
    const signed = (request.headers.authorization ?? '').startsWith('AWS4-HMAC-SHA256 ');
    if (id === undefined || !signed) return NOT_SIGNED;
    if (!isConnectionId(id)) return BAD_ID;
    switch (request.method) {
      case 'POST':
        return body === 'too large' ? TOO_LARGE : ANSWERS[this.#connections.post(id, body)];
      case 'GET':
        return describe(this.#connections.find(id));
      case 'DELETE':
        return this.#connections.close(id) ? { status: 204, headers: {}, body: '' } : GONE;
      default:
        return NOT_SIGNED;
    }
  }
}

const ANSWERS: Record<Posted, RawAnswer> = {
  sent: { status: 200, headers: {}, body: '' },
  gone: GONE,
  full: BUFFER_FULL,
  throttled: TOO_FAST,
  'too large': TOO_LARGE,
};

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

function describe(connection: ReturnType<Connections['find']>): RawAnswer {
  if (!connection) return GONE;
  const { origin, lastActiveAt } = connection;
  return gatewayAnswer(200, {
    connectedAt: new Date(origin.connectedAt).toISOString(),
    identity: origin.identity,
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  });
}
