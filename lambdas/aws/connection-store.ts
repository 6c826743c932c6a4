import { DeleteCommand, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { ParlorError } from '../../protocol/errors.ts';
import { FRAME_BURST, FRAMES_PER_SECOND, ROOMS_PER_CONNECTION } from '../../protocol/limits.ts';
import type { Connection } from '../chat/connection.ts';
import { allEnded } from '../chat/parallel.ts';
import type { ConnectionStore, FrameRate } from '../chat/ports/connection-store.ts';
import {
  type ConnectionItem,
  expiryItem,
  field,
  minuteOf,
  newPlace,
  type Place,
  type PresenceItem,
  presenceItem,
  toConnection,
  toPresence,
  toRooms,
} from './connection-items.ts';
import { conditionHeld, type Table, toTtl, updateIf } from './dynamo.ts';
import { frameCounter } from './frame-counter.ts';
import { type Key, keys } from './keys.ts';

/** Where the operator says nothing else. */
export const USUAL_RATE: FrameRate = { burst: FRAME_BURST, perSecond: FRAMES_PER_SECOND };

/** @param rate of each connection's frames */
export function dynamoConnectionStore(table: Table, rate = USUAL_RATE): ConnectionStore {
  const put = <Item extends Key>(item: Item) =>
    table.client.send(new PutCommand({ TableName: table.name, Item: { ...item } }));
  const del = (Key: Key) => table.client.send(new DeleteCommand({ TableName: table.name, Key }));

  async function get(connectionId: string): Promise<ConnectionItem | undefined> {
    const { Item } = await table.client.send(
      new GetCommand({
        TableName: table.name,
        Key: keys.connection(connectionId),
        ConsistentRead: true,
      }),
    );
    return Item as ConnectionItem | undefined;
  }

  async function find(connectionId: string, now: number): Promise<Connection | undefined> {
    const item = await get(connectionId);
    return item && item.expiresAt > now / 1_000 ? toConnection(connectionId, item) : undefined;
  }

  /** On condition that it is of this visit: the connection may have joined again meanwhile. */
  async function endVisit(connectionId: string, room: string, { shard, visit }: Place) {
    await conditionHeld(
      table.client.send(
        new DeleteCommand({
          TableName: table.name,
          Key: keys.presence(room, shard, connectionId),
          ConditionExpression: 'visit = :visit',
          ExpressionAttributeValues: { ':visit': visit },
        }),
      ),
    );
  }

  return {
    async add(connection) {
      const { id, rooms, expiresAt, ...rest } = connection;
      const places = [...rooms].map(([room, shard]) => [room, newPlace(shard)] as const);
      await allEnded([
        put({
          ...keys.connection(id),
          ...rest,
          rooms: Object.fromEntries(places.map(([room, place]) => [field(room), place])),
          expiresAt: toTtl(expiresAt),
        }),
        put({
          ...keys.userConnection(connection.userId, id),
          connectedAt: connection.connectedAt,
          expiresAt: toTtl(expiresAt),
        }),
        ...places.map(([room, place]) => put(presenceItem(connection, room, place))),
        ...(connection.authUntil < expiresAt ? [put(expiryItem(connection))] : []),
      ]);
    },

    touch: frameCounter(table, rate, get),

    async join(connection, room, shard) {
      const item = await updateIf<ConnectionItem>(table, {
        Key: keys.connection(connection.id),
        UpdateExpression: 'SET rooms.#room = if_not_exists(rooms.#room, :place)',
        ConditionExpression:
          'attribute_exists(pk) AND (attribute_exists(rooms.#room) OR size(rooms) < :max)',
        ExpressionAttributeNames: { '#room': field(room) },
        ExpressionAttributeValues: { ':place': newPlace(shard), ':max': ROOMS_PER_CONNECTION },
      });
      if (!item) {
        if (await get(connection.id)) return 'full';
        throw gone();
      }
      // Others of its frames may be at work: what is written here is looked at again, until it
      // fits what the connection's item says. The visit is the one it has, should two joins race.
      for (let seen: ConnectionItem | undefined = item; seen; ) {
        const place: Place | undefined = seen.rooms[field(room)];
        if (!place) break;
        const { authUntil } = seen;
        await put(presenceItem({ ...connection, authUntil }, room, place));
        seen = await get(connection.id);
        const same = seen?.rooms[field(room)]?.visit === place.visit;
        if (same && seen?.authUntil === authUntil) break;
        if (!same) await endVisit(connection.id, room, place);
      }
      return 'joined';
    },

    async leave(connection, room) {
      const place = (await get(connection.id))?.rooms[field(room)];
      if (!place) return;
      await endVisit(connection.id, room, place);
      // After the presence, for it tells where that is, should this be cut short and tried again.
      await updateIf(table, {
        Key: keys.connection(connection.id),
        UpdateExpression: 'REMOVE rooms.#room',
        ConditionExpression: 'rooms.#room.visit = :visit',
        ExpressionAttributeNames: { '#room': field(room) },
        ExpressionAttributeValues: { ':visit': place.visit },
      });
      // Once more, for a join may have put it back between the two.
      await endVisit(connection.id, room, place);
    },

    async renew(connection, authUntil, sessionId) {
      // Listed first: a row too many does no harm, one too few would let it stay for ever.
      await put(expiryItem({ ...connection, authUntil }));
      const renewed = {
        UpdateExpression: 'SET authUntil = :authUntil',
        // Of two that race the later time stays.
        ConditionExpression: 'authUntil <= :authUntil',
        ExpressionAttributeValues: { ':authUntil': authUntil },
      };
      const Key = keys.connection(connection.id);
      const item = await updateIf<ConnectionItem>(table, {
        ...renewed,
        ...(sessionId !== undefined && {
          UpdateExpression: `${renewed.UpdateExpression}, sessionId = :sessionId`,
          ExpressionAttributeValues: { ':authUntil': authUntil, ':sessionId': sessionId },
        }),
        Key,
      });
      if (!item) {
        if (await get(connection.id)) return;
        throw gone();
      }
      await allEnded(
        [...toRooms(item)].map(([room, shard]) =>
          updateIf(table, { ...renewed, Key: keys.presence(room, shard, connection.id) }),
        ),
      );
    },

    find,

    async remove(connectionId, seen) {
      const connection = await find(connectionId, 0);
      const presences = [...(connection?.rooms ?? [])].map(([room, shard]) => ({ room, shard }));
      if (seen) presences.push(seen);
      await allEnded(
        presences.map(({ room, shard }) => del(keys.presence(room, shard, connectionId))),
      );
      if (!connection) return;
      // After the presences, for it tells where they are; and before whoever shuts its user out
      // can't find it any more, should this be cut short and tried again.
      await del(keys.connection(connectionId));
      await del(keys.userConnection(connection.userId, connectionId));
    },

    async *inShard(room, shard, now) {
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :presences',
          ExpressionAttributeValues: { ':presences': keys.presences(room, shard) },
          ProjectionExpression: 'sk, dialect, connectedAt, authUntil, expiresAt',
        },
      );
      for await (const { Items = [] } of pages) {
        yield (Items as PresenceItem[])
          .filter((item) => item.expiresAt > now / 1_000)
          .map(toPresence);
      }
    },

    async *expiringAt(at) {
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.name,
          KeyConditionExpression: 'pk = :minute',
          ExpressionAttributeValues: { ':minute': keys.expiring(minuteOf(at)) },
          ProjectionExpression: 'sk',
        },
      );
      for await (const { Items = [] } of pages) yield (Items as Key[]).map(({ sk }) => sk);
    },

    async ofUser(userId, now) {
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :connections',
          ExpressionAttributeValues: { ':connections': keys.userConnections(userId) },
        },
      );
      const open: { connectionId: string; connectedAt: number }[] = [];
      for await (const { Items = [] } of pages) {
        for (const { sk, connectedAt, expiresAt } of Items as (PresenceItem & Key)[]) {
          if (expiresAt <= now / 1_000) continue;
          open.push({ connectionId: sk, connectedAt });
        }
      }
      return open.sort((a, b) => a.connectedAt - b.connectedAt);
    },
  };
}

const gone = () => new ParlorError('connection_gone', 'This connection has ended. Connect again.');
