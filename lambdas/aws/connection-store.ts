import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ParlorError } from '../../protocol/errors.ts';
import type { Connection, Dialect, Presence } from '../chat/connection.ts';
import type { ConnectionStore } from '../chat/ports/connection-store.ts';
import { conditionHeld, type Table, toTtl } from './dynamo.ts';
import { frameRateValues, noFrames, shiftFrames, withinRate } from './frame-rate.ts';
import { type Key, keys } from './keys.ts';

/** A connection's own item. Beside it stand one presence per room and one row below its user. */
interface ConnectionItem extends Key {
  userId: string;
  username: string;
  dialect: Dialect;
  homeRoom: string;
  /** Absent when it is in no room: DynamoDB has no empty sets. */
  rooms?: Set<string>;
  connectedAt: number;
  authUntil: number;
  expiresAt: number;
}

type PresenceItem = Key & {
  dialect: Dialect;
  connectedAt: number;
  authUntil: number;
  expiresAt: number;
};

export function dynamoConnectionStore(table: Table): ConnectionStore {
  const put = <Item extends Key>(item: Item) =>
    table.client.send(new PutCommand({ TableName: table.name, Item: { ...item } }));
  const del = (Key: Key) => table.client.send(new DeleteCommand({ TableName: table.name, Key }));

  async function find(connectionId: string, now: number): Promise<Connection | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: keys.connection(connectionId),
        ConsistentRead: true,
      }),
    );
    return Item && Item.expiresAt > now / 1_000
      ? toConnection(connectionId, Item as ConnectionItem)
      : undefined;
  }

  return {
    async add(connection) {
      const { id, rooms, expiresAt, ...rest } = connection;
      await Promise.all([
        put({
          ...keys.connection(id),
          ...rest,
          ...noFrames,
          ...(rooms.size > 0 && { rooms: new Set(rooms) }),
          expiresAt: toTtl(expiresAt),
        }),
        put({
          ...keys.userConnection(connection.userId, id),
          connectedAt: connection.connectedAt,
          expiresAt: toTtl(expiresAt),
        }),
        ...[...rooms].map((room) => put(presenceItem(connection, room))),
      ]);
    },

    async touch(connectionId, now) {
      let item: ConnectionItem | undefined;
      const counted = await conditionHeld(
        table.client
          .send(
            new UpdateCommand({
              TableName: table.name,
              Key: keys.connection(connectionId),
              UpdateExpression: shiftFrames,
              ConditionExpression: `expiresAt > :nowInSeconds AND ${withinRate}`,
              ExpressionAttributeValues: {
                ...frameRateValues(now),
                ':nowInSeconds': now / 1_000,
              },
              ReturnValues: 'ALL_NEW',
            }),
          )
          .then(({ Attributes }) => {
            item = Attributes as ConnectionItem;
          }),
      );
      if (counted && item) return toConnection(connectionId, item);
      return (await find(connectionId, now)) ? 'limited' : 'gone';
    },

    async join(connection, room) {
      const recorded = await conditionHeld(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.connection(connection.id),
            UpdateExpression: 'ADD rooms :room',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':room': new Set([room]) },
          }),
        ),
      );
      if (!recorded) {
        throw new ParlorError('connection_gone', 'This connection has ended. Connect again.');
      }
      await put(presenceItem(connection, room));
    },

    async leave(connectionId, room) {
      await del(keys.presence(room, connectionId));
      await conditionHeld(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.connection(connectionId),
            UpdateExpression: 'DELETE rooms :room',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':room': new Set([room]) },
          }),
        ),
      );
    },

    async remove(connectionId, seenIn) {
      const connection = await find(connectionId, 0);
      const rooms = new Set(connection?.rooms);
      if (seenIn !== undefined) rooms.add(seenIn);
      await Promise.all([...rooms].map((room) => del(keys.presence(room, connectionId))));
      if (!connection) return;
      await del(keys.userConnection(connection.userId, connectionId));
      // Last, for it tells where the others are, should this be cut short and tried again.
      await del(keys.connection(connectionId));
    },

    async *inRoom(room, now) {
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :presences',
          ExpressionAttributeValues: { ':presences': keys.presences(room) },
          ProjectionExpression: 'sk, dialect, connectedAt, authUntil, expiresAt',
        },
      );
      for await (const { Items = [] } of pages) {
        yield (Items as PresenceItem[])
          .filter((item) => item.expiresAt > now / 1_000)
          .map(toPresence);
      }
    },

    async ofUser(userId, now) {
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :user AND begins_with(sk, :connections)',
          ExpressionAttributeValues: {
            ':user': keys.user(userId),
            ':connections': keys.userConnections,
          },
        },
      );
      const open: { connectionId: string; connectedAt: number }[] = [];
      for await (const { Items = [] } of pages) {
        for (const { sk, connectedAt, expiresAt } of Items as (PresenceItem & Key)[]) {
          if (expiresAt <= now / 1_000) continue;
          open.push({ connectionId: sk.slice(keys.userConnections.length), connectedAt });
        }
      }
      return open.sort((a, b) => a.connectedAt - b.connectedAt);
    },
  };
}

function presenceItem(connection: Connection, room: string): PresenceItem {
  const { id, dialect, connectedAt, authUntil, expiresAt } = connection;
  return {
    ...keys.presence(room, id),
    dialect,
    connectedAt,
    authUntil,
    expiresAt: toTtl(expiresAt),
  };
}

function toPresence({ sk, dialect, connectedAt, authUntil }: PresenceItem): Presence {
  return { connectionId: sk, dialect, connectedAt, authUntil };
}

function toConnection(id: string, item: ConnectionItem): Connection {
  const { userId, username, dialect, homeRoom, connectedAt, authUntil, expiresAt } = item;
  return {
    id,
    userId,
    username,
    dialect,
    homeRoom,
    rooms: item.rooms ?? new Set(),
    connectedAt,
    authUntil,
    expiresAt: expiresAt * 1_000,
  };
}
