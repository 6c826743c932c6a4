import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SuperuserRoster } from '../chat/ports/superuser-roster.ts';
import { conditionHeld, type Table } from './dynamo.ts';
import { keys } from './keys.ts';

export function dynamoSuperuserRoster(table: Table): SuperuserRoster {
  return {
    async enlist(id) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.superusers,
          UpdateExpression: 'ADD ids :id',
          ExpressionAttributeValues: { ':id': new Set([id]) },
        }),
      );
    },

    async retire(id) {
      const update = new UpdateCommand({
        TableName: table.name,
        Key: keys.superusers,
        UpdateExpression: 'DELETE ids :ids',
        ConditionExpression: 'NOT contains(ids, :id) OR size(ids) > :one',
        ExpressionAttributeValues: { ':ids': new Set([id]), ':id': id, ':one': 1 },
      });
      return (await conditionHeld(table.client.send(update))) ? 'retired' : 'last';
    },
  };
}
