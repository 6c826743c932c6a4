import { Pool } from 'undici';
import type { Clock } from '../chat/ports/clock.ts';
import type { ConnectionGateway } from '../chat/ports/connection-gateway.ts';
import { type AwsCredentials, requestSigner } from './request-signer.ts';

export interface ConnectionGatewayOptions {
  /** The stage's https://... address, to which /@connections/{id} is appended. */
  endpoint: string;
  region: string;
  credentials: AwsCredentials;
  clock: Clock;
  /** Sockets kept open to the gateway; 50 would cap at some 4,500 posts a second. */
  sockets?: number;
  /** How long a post may take before its connection counts as slow. */
  deadlineMs?: number;
}

/** What undici calls the ways in which an answer fails to come in time. */
const TIMEOUTS = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'ABORT_ERR',
]);

/**
 * API Gateway's @connections API. Posts, of which there are very many, go through undici and the
 * lean signer: a sixth of the CPU time of the SDK's client. The SDK's client asks after
 * connections, which is rare, and is loaded with the first question.
 */
export function apiGatewayConnections(options: ConnectionGatewayOptions): ConnectionGateway {
  const { endpoint, region, credentials, clock, sockets = 200, deadlineMs = 3_000 } = options;
  const { origin, host, pathname } = new URL(endpoint);
  const base = `${pathname.replace(/\/$/, '')}/@connections/`;
  const sign = requestSigner('execute-api', region, credentials);
  const pool = new Pool(origin, {
    connections: sockets,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    connect: { timeout: deadlineMs },
  });
  let asking: ReturnType<typeof sdk> | undefined;

  return {
    async post(connectionId, frame) {
      const path = base + encodeURIComponent(connectionId);
      const headers = sign({ host, path, body: frame, now: clock.now() });
      try {
        const answer = await pool.request({ method: 'POST', path, headers, body: frame });
        await answer.body.dump();
        return outcomeOf(answer.statusCode);
      } catch (error) {
        if (isTimeout(error)) return 'slow';
        throw error;
      }
    },

    async isOpen(connectionId) {
      asking ??= sdk(options);
      const { client, GetConnectionCommand } = await asking;
      try {
        await client.send(new GetConnectionCommand({ ConnectionId: connectionId }));
        return true;
      } catch (error) {
        // `statusCode` is undefined on the SDK's errors: the name is what counts.
        if (error instanceof Error && error.name === 'GoneException') return false;
        throw error;
      }
    },
  };
}

function outcomeOf(status: number): 'delivered' | 'gone' | 'slow' {
  if (status === 200) return 'delivered';
  if (status === 410) return 'gone';
  // The rate, or this client's buffer is full; either way the client finds the event in the log.
  if (status === 429) return 'slow';
  throw new Error(`The @connections API answered ${status} to a post.`);
}

const isTimeout = (error: unknown) =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  TIMEOUTS.has(String(error.code));

async function sdk({ endpoint, region, credentials }: ConnectionGatewayOptions) {
  const { ApiGatewayManagementApiClient, GetConnectionCommand } = await import(
    '@aws-sdk/client-apigatewaymanagementapi'
  );
  const client = new ApiGatewayManagementApiClient({
    endpoint: endpoint.replace(/\/$/, ''),
    region,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      ...(credentials.sessionToken && { sessionToken: credentials.sessionToken }),
    },
  });
  return { client, GetConnectionCommand };
}
