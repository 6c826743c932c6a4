import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { RoomEvent } from '../chat/event.ts';
import type { EventLog } from '../chat/ports/event-log.ts';
import { conditionHeld, type Table } from './dynamo.ts';
import { keys } from './keys.ts';

/** An event's item: the event without its room and seq, which stand in the key. */
type EventItem = Omit<RoomEvent, 'room' | 'seq'> & { pk: string; sk: string };

export function dynamoEventLog(table: Table): EventLog {
  return {
    async put(event) {
      const { room, seq, ...rest } = event;
      const item: EventItem = { ...keys.event(room, seq), ...rest };
      const put = new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      return (await conditionHeld(table.client.send(put))) ? 'stored' : 'taken';
    },

    readForward: (room, after, limit) =>
      read(table, room, limit, {
        KeyConditionExpression: 'pk = :log AND sk > :seq',
        ExpressionAttributeValues: { ':log': keys.log(room), ':seq': keys.seq(after) },
      }),

    readBackward: (room, before, limit) =>
      read(table, room, limit, {
        KeyConditionExpression: 'pk = :log AND sk < :seq',
        ExpressionAttributeValues: { ':log': keys.log(room), ':seq': keys.seq(before) },
        ScanIndexForward: false,
      }),

    async head(room) {
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :log',
          ExpressionAttributeValues: { ':log': keys.log(room) },
          ExpressionAttributeNames: { '#at': 'at' },
          ProjectionExpression: 'sk, #at',
          ScanIndexForward: false,
          Limit: 1,
        }),
      );
      const newest = Items[0] as Pick<EventItem, 'sk' | 'at'> | undefined;
      return newest ? { seq: Number(newest.sk), at: newest.at } : { seq: 0, at: 0 };
    },
  };
}

/** Reads up to `limit` events; a page of DynamoDB ends at 1 MB, so it may take several. */
async function read(
  table: Table,
  room: string,
  limit: number,
  range: Omit<QueryCommandInput, 'TableName'>,
): Promise<RoomEvent[]> {
  const events: RoomEvent[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await table.client.send(
      new QueryCommand({
        ...range,
        TableName: table.name,
        ConsistentRead: true,
        Limit: limit - events.length,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) events.push(toEvent(room, item as EventItem));
    start = page.LastEvaluatedKey;
  } while (start && events.length < limit);
  return events;
}

function toEvent(room: string, { pk: _, sk, ...rest }: EventItem): RoomEvent {
  return { ...rest, room, seq: Number(sk) };
}
