import {
  type ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../../lambdas/aws/dynamo.ts';
import type { LambdaHandler } from '../../../local/gateway/gateway.ts';

const PK = 'connections';

interface SocketEvent {
  requestContext: { connectionId: string };
  body: string;
}

/**
 * A chat as samples for this architecture have it: a table of connections, all of which are scanned
 * for each message, and one post for each. Written for this benchmark, and better than most: a
 * connection that has gone is taken out, and does not fail the others' posts.
 */
export function sampleHandlers(
  { client, name }: Table,
  posts: ApiGatewayManagementApiClient,
): Record<string, LambdaHandler> {
  const idIn = (event: unknown) => (event as SocketEvent).requestContext.connectionId;
  const remove = (sk: string) =>
    client.send(new DeleteCommand({ TableName: name, Key: { pk: PK, sk } }));

  return {
    async $connect(event) {
      const Item = { pk: PK, sk: idIn(event) };
      await client.send(new PutCommand({ TableName: name, Item }));
      return { statusCode: 200, body: 'Connected.' };
    },

    async $disconnect(event) {
      await remove(idIn(event));
      return { statusCode: 200, body: 'Disconnected.' };
    },

    async sendmessage(event) {
      const { data } = JSON.parse((event as SocketEvent).body) as { data: string };
      const frame = JSON.stringify({ sender: idIn(event), content: data, at: Date.now() });
      const { Items = [] } = await client.send(new ScanCommand({ TableName: name }));
      await Promise.all(
        Items.map(async ({ sk }) => {
          try {
            await posts.send(
              new PostToConnectionCommand({ ConnectionId: sk, Data: Buffer.from(frame) }),
            );
          } catch (error) {
            if (!(error instanceof Error && error.name === 'GoneException')) throw error;
            await remove(sk);
          }
        }),
      );
      return { statusCode: 200, body: 'Data sent.' };
    },
  };
}
