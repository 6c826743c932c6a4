import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MembershipStore } from '../chat/ports/membership-store.ts';
import { conditionHeld, type Table } from './dynamo.ts';
import { keys } from './keys.ts';
import { TABLE } from './table.ts';

export function dynamoMembershipStore(table: Table): MembershipStore {
  async function visit(userId: string, room: string, at: number): Promise<void> {
    await conditionHeld(
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.member(room, userId),
          UpdateExpression: 'SET visitor = :user, visitedAt = :at',
          ConditionExpression: 'attribute_not_exists(visitedAt) OR visitedAt < :at',
          ExpressionAttributeValues: { ':user': userId, ':at': at },
        }),
      ),
    );
  }

  return {
    visit,

    async visitFirst(userId, room, at) {
      // A read costs a tenth of a write, and nearly always there is a visit.
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.member(room, userId) }),
      );
      if (Item?.visitedAt === undefined) await visit(userId, room, at);
    },

    async visits(userId, limit, after) {
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: TABLE.visits.name,
          KeyConditionExpression: 'visitor = :user',
          ExpressionAttributeValues: { ':user': userId },
          ScanIndexForward: false,
          Limit: limit,
          ExclusiveStartKey: after && {
            ...keys.member(after.room, userId),
            visitor: userId,
            visitedAt: after.at,
          },
        }),
      );
      return Items.map(({ pk, visitedAt }) => ({ room: keys.roomOfMember(pk), at: visitedAt }));
    },
  };
}
