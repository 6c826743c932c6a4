import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MembershipStore } from '../chat/ports/membership-store.ts';
import { type Table, updateIf } from './dynamo.ts';
import { type Key, keys } from './keys.ts';
import { TABLE } from './table.ts';

interface MemberItem extends Key {
  /** Both absent for somebody who was removed before he ever came. */
  visitor?: string;
  visitedAt?: number;
  removed?: true;
}

export function dynamoMembershipStore(table: Table): MembershipStore {
  async function find(room: string, userId: string): Promise<MemberItem | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: keys.member(room, userId),
        ConsistentRead: true,
      }),
    );
    return Item as MemberItem | undefined;
  }

  async function visit(userId: string, room: string, at: number): Promise<'visited' | 'removed'> {
    const recorded = await updateIf(table, {
      Key: keys.member(room, userId),
      UpdateExpression: 'SET visitor = :user, visitedAt = :at',
      ConditionExpression:
        'attribute_not_exists(removed) AND (attribute_not_exists(visitedAt) OR visitedAt < :at)',
      ExpressionAttributeValues: { ':user': userId, ':at': at },
    });
    if (recorded) return 'visited';
    return (await find(room, userId))?.removed ? 'removed' : 'visited';
  }

  return {
    visit,

    async visitFirst(userId, room, at) {
      // A read costs a fifth of a write, and nearly always there is a visit.
      const member = await find(room, userId);
      if (member?.removed) return 'removed';
      return member?.visitedAt === undefined ? await visit(userId, room, at) : 'visited';
    },

    async isRemoved(userId, room) {
      return (await find(room, userId))?.removed === true;
    },

    async setRemoved(userId, room, removed) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.member(room, userId),
          ...(removed
            ? {
                UpdateExpression: 'SET removed = :true',
                ExpressionAttributeValues: { ':true': true },
              }
            : { UpdateExpression: 'REMOVE removed' }),
        }),
      );
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
