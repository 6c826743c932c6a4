import type { Clock } from '../chat/ports/clock.ts';
import type { ConnectionGateway, PostOutcome } from '../chat/ports/connection-gateway.ts';
import type { PostClient } from './environment.ts';
import { httpPoster, isTimeout } from './posts/http-poster.ts';
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
  /** What makes the posts. Default: lean. */
  client?: PostClient;
}

/**
 * API Gateway's @connections API. Posts, of which there are very many, go through the lean poster and
 * the lean signer: less than a fifth of the CPU time of the SDK's client. The SDK's client asks after
 * connections and closes them, which is rare: it is loaded with the first of these.
 */
export function apiGatewayConnections(options: ConnectionGatewayOptions): ConnectionGateway {
  const { endpoint, region, credentials, clock, sockets = 200, deadlineMs = 3_000 } = options;
  const { client = 'lean' } = options;
  const { origin, host, pathname } = new URL(endpoint);
  const base = `${pathname.replace(/\/$/, '')}/@connections/`;
  const sign = requestSigner('execute-api', region, credentials);
  const send = httpPoster({ client, origin, sockets, deadlineMs, keepsHeaders: false });
  let loading: ReturnType<typeof sdk> | undefined;
  const asking = () => {
    loading ??= sdk(options);
    return loading;
  };

  return {
    async post(connectionId, frame) {
      const path = base + encodeURIComponent(connectionId);
      const headers = sign({ host, path, body: frame, now: clock.now() });
      try {
        const { status } = await send({ path, headers, body: frame });
        return outcomeOf(status);
      } catch (error) {
        if (isTimeout(error)) return 'slow';
        throw error;
      }
    },

    async isOpen(connectionId) {
      const { client, GetConnectionCommand } = await asking();
      try {
        await client.send(new GetConnectionCommand({ ConnectionId: connectionId }));
        return true;
      } catch (error) {
        if (isGone(error)) return false;
        throw error;
      }
    },

    async close(connectionId) {
      const { client, DeleteConnectionCommand } = await asking();
      try {
        await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
  };
}

function outcomeOf(status: number): PostOutcome {
  if (status === 200) return 'delivered';
  if (status === 410) return 'gone';
  if (status === 429) return 'throttled';
  throw new Error(`The @connections API answered ${status} to a post.`);
}

/** `statusCode` is undefined on the SDK's errors: the name is what counts. */
const isGone = (error: unknown) => error instanceof Error && error.name === 'GoneException';

async function sdk({ endpoint, region, credentials }: ConnectionGatewayOptions) {
  const { ApiGatewayManagementApiClient, DeleteConnectionCommand, GetConnectionCommand } =
    await import('@aws-sdk/client-apigatewaymanagementapi');
  const client = new ApiGatewayManagementApiClient({
    endpoint: endpoint.replace(/\/$/, ''),
    region,
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      ...(credentials.sessionToken && { sessionToken: credentials.sessionToken }),
    },
  });
  return { client, DeleteConnectionCommand, GetConnectionCommand };
}
