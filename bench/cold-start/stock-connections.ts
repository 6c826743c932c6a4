import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ConnectionGatewayOptions } from '../../lambdas/aws/connection-gateway.ts';
import type { ConnectionGateway } from '../../lambdas/chat/ports/connection-gateway.ts';

/** What stands in the place of lambdas/aws/connection-gateway.ts in the baseline: the SDK's client. */
export function apiGatewayConnections(options: ConnectionGatewayOptions): ConnectionGateway {
  const { endpoint, region } = options;
  const client = new ApiGatewayManagementApiClient({ endpoint, region });
  return {
    async post(connectionId, frame) {
      try {
        await client.send(
          new PostToConnectionCommand({ ConnectionId: connectionId, Data: Buffer.from(frame) }),
        );
        return 'delivered';
      } catch (error) {
        if (error instanceof Error && error.name === 'GoneException') return 'gone';
        if (error instanceof Error && error.name === 'LimitExceededException') return 'throttled';
        throw error;
      }
    },
    async isOpen(connectionId) {
      await client.send(new GetConnectionCommand({ ConnectionId: connectionId }));
      return true;
    },
    async close(connectionId) {
      await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    },
  };
}
