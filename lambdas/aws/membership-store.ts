import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Membership, MembershipStore, ReadMark } from '../chat/ports/membership-store.ts';
import { batchGet } from './batch-get.ts';
import { type Table, updateIf } from './dynamo.ts';
import { type Key, keys } from './keys.ts';
import { TABLE } from './table.ts';

interface MemberItem extends Key {
  /** Both absent for somebody who was removed before he ever came. */
  visitor?: string;
  visitedAt?: number;
  /** The seq up to which it was read. (`read` is a word that DynamoDB keeps for itself.) */
  readTo?: number;
  /** How many messages there were up to which seq; a version that doesn't count moves `readTo` alone. */
  readCounted?: ReadMark;
  removed?: true;
}

export function dynamoMembershipStore(table: Table): MembershipStore {
  async function itemOf(room: string, userId: string): Promise<MemberItem | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: keys.member(room, userId),
        ConsistentRead: true,
      }),
    );
    return Item as MemberItem | undefined;
  }

  async function visit(userId: string, room: string, at: number): Promise<Membership> {
    const recorded = await updateIf<MemberItem>(table, {
      Key: keys.member(room, userId),
      UpdateExpression: 'SET visitor = :user, visitedAt = :at',
      ConditionExpression:
        'attribute_not_exists(removed) AND (attribute_not_exists(visitedAt) OR visitedAt < :at)',
      ExpressionAttributeValues: { ':user': userId, ':at': at },
    });
    return toMembership(recorded ?? (await itemOf(room, userId)));
  }

  return {
    visit,

    async visitFirst(userId, room, at) {
      // A read costs a fifth of a write, and nearly always there is a visit.
      const member = await itemOf(room, userId);
      if (member?.removed) return 'removed';
      if (member?.visitedAt !== undefined) return 'visited';
      return (await visit(userId, room, at)).removed ? 'removed' : 'visited';
    },

    async find(userId, room) {
      return toMembership(await itemOf(room, userId));
    },

    async findAll(userId, rooms) {
      const members = rooms.map((room) => keys.member(room, userId));
      return (await batchGet<MemberItem>(table, members, true)).map(toMembership);
    },

    async markRead(userId, room, { seq, n }, at) {
      const marked = await updateIf(table, {
        Key: keys.member(room, userId),
        UpdateExpression:
          'SET readTo = :seq, readCounted = :counted, visitor = :user, visitedAt = if_not_exists(visitedAt, :at)',
        ConditionExpression:
          'attribute_not_exists(removed) AND (attribute_not_exists(readTo) OR readTo < :seq)',
        ExpressionAttributeValues: {
          ':seq': seq,
          ':counted': { seq, n },
          ':user': userId,
          ':at': at,
        },
      });
      if (marked) return seq;
      const { read, removed } = toMembership(await itemOf(room, userId));
      return removed ? 'removed' : read;
    },

    async forget(userId, room) {
      await updateIf(table, {
        Key: keys.member(room, userId),
        UpdateExpression: 'REMOVE visitor, visitedAt, readTo, readCounted',
        // Else it would make an item of who never was there.
        ConditionExpression: 'attribute_exists(pk)',
      });
    },

    async isRemoved(userId, room) {
      return toMembership(await itemOf(room, userId)).removed;
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

function toMembership(item: MemberItem | undefined): Membership {
  const { readTo = 0, readCounted = { seq: 0, n: 0 }, removed } = item ?? {};
  return {
    read: readTo,
    readMessages: readCounted.n + readTo - readCounted.seq,
    removed: removed === true,
  };
}
