import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SessionStore } from '../chat/ports/session-store.ts';
import { conditionHeld, type Table, toTtl } from './dynamo.ts';
import { keys } from './keys.ts';

export function dynamoSessionStore(table: Table): SessionStore {
  async function find(id: string) {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.session(id), ConsistentRead: true }),
    );
    return Item;
  }

  return {
    async open({ id, userId, current, expiresAt }) {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...keys.session(id), userId, current, expiresAt: toTtl(expiresAt) },
        }),
      );
    },

    async openUntil(id, now) {
      const session = await find(id);
      return session && session.expiresAt > now / 1_000 ? session.expiresAt * 1_000 : undefined;
    },

    async isCurrent(id, current, now) {
      const session = await find(id);
      return session?.current === current && session.expiresAt > now / 1_000;
    },

    async rotate(id, from, to, expiresAt, now) {
      const update = new UpdateCommand({
        TableName: table.name,
        Key: keys.session(id),
        UpdateExpression: 'SET #current = :to, expiresAt = :expiresAt',
        ConditionExpression: '#current = :from AND expiresAt > :now',
        ExpressionAttributeNames: { '#current': 'current' },
        ExpressionAttributeValues: {
          ':from': from,
          ':to': to,
          ':expiresAt': toTtl(expiresAt),
          ':now': now / 1_000,
        },
      });
      if (await conditionHeld(table.client.send(update))) return 'rotated';
      // The client retries a call whose answer was lost, and then meets its own write.
      return (await find(id))?.current === to ? 'rotated' : 'stale';
    },

    async end(id) {
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: keys.session(id) }));
    },
  };
}
