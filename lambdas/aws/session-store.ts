import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Session, SessionStore } from '../chat/ports/session-store.ts';
import { type Table, toTtl, updateIf } from './dynamo.ts';
import { type Key, keys } from './keys.ts';

/** `expiresAt` is in seconds, for it is the table's TTL. */
type SessionItem = Key & Omit<Session, 'id'>;

export function dynamoSessionStore(table: Table): SessionStore {
  async function find(id: string, now: number): Promise<Session | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.session(id), ConsistentRead: true }),
    );
    const session = Item && toSession(id, Item as SessionItem);
    return session && session.expiresAt > now ? session : undefined;
  }

  return {
    async open({ id, expiresAt, ...rest }) {
      const item: SessionItem = { ...keys.session(id), ...rest, expiresAt: toTtl(expiresAt) };
      await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
    },

    find,

    async rotate(id, from, to, expiresAt, now) {
      const rotated = await updateIf<SessionItem>(table, {
        Key: keys.session(id),
        UpdateExpression:
          'SET #current = :to, #previous = :from, rotatedAt = :at, expiresAt = :expiresAt',
        ConditionExpression: '#current = :from AND expiresAt > :now',
        ExpressionAttributeNames: { '#current': 'current', '#previous': 'previous' },
        ExpressionAttributeValues: {
          ':from': from,
          ':to': to,
          ':at': now,
          ':expiresAt': toTtl(expiresAt),
          ':now': now / 1_000,
        },
      });
      // The SDK retries a call whose answer was lost, and then finds its own write: it looks like
      // that of another who was faster, and is answered alike.
      return rotated ? toSession(id, rotated) : await find(id, now);
    },

    async end(id) {
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: keys.session(id) }));
    },
  };
}

function toSession(id: string, { pk: _pk, sk: _sk, expiresAt, ...rest }: SessionItem): Session {
  return { id, ...rest, expiresAt: expiresAt * 1_000 };
}
