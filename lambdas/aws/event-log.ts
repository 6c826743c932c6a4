import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { RoomEvent } from '../chat/event.ts';
import type { EventLog } from '../chat/ports/event-log.ts';
import { conditionHeld, type Table } from './dynamo.ts';
import { type Key, keys } from './keys.ts';

/** What an item holds of an event; its room, and the first one's seq, stand in the key. */
type Entry = Omit<RoomEvent, 'room' | 'seq'>;

/** Mostly one event; in a hot room several that were put together, under the first one's seq. */
type LogItem = Key & (Entry | { group: Entry[] });

type Range = Pick<
  QueryCommandInput,
  'KeyConditionExpression' | 'ExpressionAttributeValues' | 'ScanIndexForward'
>;

export function dynamoEventLog(table: Table): EventLog {
  async function query(range: Range, limit: number, start?: Key) {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        ...range,
        TableName: table.name,
        ConsistentRead: true,
        Limit: limit,
        ExclusiveStartKey: start,
      }),
    );
    return { items: Items as LogItem[], next: LastEvaluatedKey as Key | undefined };
  }

  /** Reads up to `limit` events; a page of DynamoDB ends at 1 MB, so it may take several. */
  async function read(
    room: string,
    limit: number,
    range: Range,
    wanted: (event: RoomEvent) => boolean,
  ): Promise<RoomEvent[]> {
    const events: RoomEvent[] = [];
    let start: Key | undefined;
    do {
      const { items, next } = await query(range, limit - events.length, start);
      for (const item of items) {
        const held = eventsOf(room, item).filter(wanted);
        events.push(...(range.ScanIndexForward === false ? held.reverse() : held));
      }
      start = next;
    } while (start && events.length < limit);
    return events.slice(0, limit);
  }

  /** The item that holds the event at `seq`, or the last before it. */
  async function itemUpTo(room: string, seq: number): Promise<LogItem | undefined> {
    const { items } = await query({ ...upTo(room, '<=', seq), ScanIndexForward: false }, 1);
    return items[0];
  }

  return {
    async put(first, ...rest) {
      const { room, seq } = first;
      const entries = [first, ...rest].map(toEntry);
      const item: LogItem = {
        ...keys.event(room, seq),
        ...(rest.length > 0 ? { group: entries } : toEntry(first)),
      };
      const put = new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      return (await conditionHeld(table.client.send(put))) ? 'stored' : 'taken';
    },

    async readForward(room, after, limit) {
      const wanted = ({ seq }: RoomEvent) => seq > after;
      const events = await read(room, limit, upTo(room, '>', after), wanted);
      // The log is dense: if the next event is not under a key of its own, it stands in a group
      // that began before.
      if (after === 0 || events[0]?.seq === after + 1) return events;
      const before = await itemUpTo(room, after);
      const held = before ? eventsOf(room, before).filter(wanted) : [];
      return [...held, ...events].slice(0, limit);
    },

    readBackward: (room, before, limit) =>
      read(
        room,
        limit,
        { ...upTo(room, '<', before), ScanIndexForward: false },
        ({ seq }) => seq < before,
      ),

    async head(room) {
      const newest = await itemUpTo(room, Number.MAX_SAFE_INTEGER);
      const last = newest && eventsOf(room, newest).at(-1);
      if (!last) return { seq: 0, at: 0 };
      const { seq, at, crowded } = last;
      return { seq, at, ...(crowded && { crowded }) };
    },
  };
}

function upTo(room: string, comparison: '<' | '<=' | '>', seq: number): Range {
  return {
    KeyConditionExpression: `pk = :log AND sk ${comparison} :seq`,
    ExpressionAttributeValues: { ':log': keys.log(room), ':seq': keys.seq(seq) },
  };
}

function toEntry({ room: _room, seq: _seq, ...entry }: RoomEvent): Entry {
  return entry;
}

function eventsOf(room: string, { pk: _pk, sk, ...held }: LogItem): RoomEvent[] {
  const first = Number(sk);
  const entries = 'group' in held ? held.group : [held];
  return entries.map((entry, index) => ({ ...entry, room, seq: first + index }));
}
