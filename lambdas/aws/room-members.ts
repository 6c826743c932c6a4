import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { RoomMembers } from '../chat/ports/room-members.ts';
import { conditionHeld, type Table } from './dynamo.ts';
import { keys } from './keys.ts';

export function dynamoRoomMembers(table: Table): RoomMembers {
  return {
    async *list(room) {
      const { pk, sk } = keys.member(room, '');
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :room AND begins_with(sk, :member)',
          ExpressionAttributeValues: { ':room': pk, ':member': sk },
        },
      );
      for await (const { Items = [] } of pages) {
        for (const { sk, visitedAt, readTo, readCounted, removed } of Items) {
          yield { userId: keys.userOfMember(sk), visitedAt, readTo, readCounted, removed };
        }
      }
    },

    async add(room, { userId, visitedAt, readTo, readCounted, removed }) {
      const put = new PutCommand({
        TableName: table.name,
        Item: {
          ...keys.member(room, userId),
          ...(visitedAt !== undefined && { visitor: userId, visitedAt }),
          readTo,
          readCounted,
          removed,
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      return (await conditionHeld(table.client.send(put))) ? 'added' : 'there';
    },
  };
}
