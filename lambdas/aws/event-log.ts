import { PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { keptIn } from '../chat/canary-rooms.ts';
import { type Counters, countersOf, filledIn, NO_COUNTERS, toBeStored } from '../chat/counters.ts';
import type { RoomEvent } from '../chat/event.ts';
import type { Clock } from '../chat/ports/clock.ts';
import type { Enough, EventLog, Head } from '../chat/ports/event-log.ts';
import type { LogEnd } from '../chat/ports/lease-store.ts';
import { jsonBytes } from '../chat/size.ts';
import { conditionHeld, type Table, toTtl } from './dynamo.ts';
import { type Key, keys } from './keys.ts';
import { dynamoLeaseStore } from './lease-store.ts';
import { newestEvents } from './newest-events.ts';
import { fromStoredPayload, type StoredPayload, toStoredPayload } from './stored-payload.ts';

/** What an item holds of an event; its room, and the first one's seq, stand in the key. */
type Entry = Omit<RoomEvent, 'room' | 'seq' | 'payload' | keyof Counters> &
  StoredPayload &
  Partial<Counters>;

/**
 * Mostly one event; in a hot room several that were put together, under the first one's seq. They
 * expire together, for ever unless the item says when.
 */
type LogItem = Key & {
  expiresAt?: number;
  /** How often something in it was erased. */
  erasures?: number;
} & (Entry | { group: Entry[] });

type Range = Pick<
  QueryCommandInput,
  'KeyConditionExpression' | 'ExpressionAttributeValues' | 'ScanIndexForward'
>;

export interface LogOptions {
  clock?: Pick<Clock, 'now'>;
  /** For how long what is put is kept, in milliseconds. Default: for ever. */
  retentionMs?: number | undefined;
  /**
   * A reader that finds an event younger than this, in milliseconds, need not ask whether newer ones have
   * expired. Half of the shortest retention that there ever was, for clocks differ.
   */
  certainMs?: number;
}

/**
 * How many items are read first. In a hot room each may hold a hundred events, and a page of them
 * would be billed as a megabyte: the first tell how many more to ask for.
 */
const FIRST_ITEMS = 4;

/**
 * About as much is read between two questions whether it is enough: 32 units. Many small events still
 * come in one go.
 */
const PART_BYTES = 128_000;

/** Erasures of one item are rare, and beside each other rarer. */
const ERASURE_TRIES = 10;

/** The shortest time for which history can be kept is a day. */
const CERTAIN_MS = 12 * 60 * 60 * 1_000;

export function dynamoEventLog(
  table: Table,
  { clock = { now: Date.now }, retentionMs, certainMs = CERTAIN_MS }: LogOptions = {},
): EventLog {
  const leases = dynamoLeaseStore(table);

  /** DynamoDB deletes what has expired within some days, in no order. */
  const isKept = ({ expiresAt }: LogItem) =>
    expiresAt === undefined || expiresAt * 1_000 > clock.now();

  async function query(range: Range, limit: number | undefined, start?: Key) {
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

  /**
   * Reads up to `limit` events, or until they are enough. A page of DynamoDB ends at 1 MB, so it may
   * take several; and so much is read in vain at most, if long events follow on short ones.
   */
  async function read(
    room: string,
    limit: number,
    range: Range,
    wanted: (event: RoomEvent) => boolean,
    enough?: Enough,
  ): Promise<RoomEvent[]> {
    const backward = range.ScanIndexForward === false;
    const events: RoomEvent[] = [];
    let start: Key | undefined;
    let passingOver = false;
    let size = Math.min(limit, FIRST_ITEMS);
    let itemsRead = 0;
    let bytesRead = 0;
    do {
      // What has expired may be many items: they are passed over by as much as a page holds.
      const { items, next } = await query(range, passingOver ? undefined : size, start);
      const kept = backward ? untilExpired(items) : items.filter(isKept);
      itemsRead += kept.length;
      for (const item of kept) {
        const held = eventsOf(room, item).filter(wanted);
        events.push(...(backward ? held.reverse() : held));
        if (enough) bytesRead += jsonBytes(item);
      }
      if (enough?.(events)) break;
      passingOver = kept.length < items.length;
      start = backward && passingOver ? undefined : next;
      const eventsPerItem = Math.max(1, events.length / Math.max(1, itemsRead));
      size = Math.ceil((limit - events.length) / eventsPerItem);
      const inPart = Math.floor((PART_BYTES * itemsRead) / bytesRead);
      if (bytesRead > 0) size = Math.min(size, Math.max(1, inPart));
    } while (start && events.length < limit);
    return events.slice(0, limit);
  }

  function untilExpired(items: LogItem[]): LogItem[] {
    const end = items.findIndex((item) => !isKept(item));
    return end < 0 ? items : items.slice(0, end);
  }

  const readBackward: EventLog['readBackward'] = (room, before, limit, enough) =>
    read(
      room,
      limit,
      { ...upTo(room, '<', before), ScanIndexForward: false },
      ({ seq }) => seq < before,
      enough,
    );

  /** The item that holds the event at `seq`, or the last before it. */
  async function itemUpTo(room: string, seq: number): Promise<LogItem | undefined> {
    const { items } = await query({ ...upTo(room, '<=', seq), ScanIndexForward: false }, 1);
    return items[0];
  }

  return {
    async put(first, ...rest) {
      const { room, seq } = first;
      const keptMs = keptIn(room, retentionMs);
      const entries = [first, ...rest].map(toEntry);
      const item: LogItem = {
        ...keys.event(room, seq),
        ...(rest.length > 0 ? { group: entries } : toEntry(first)),
        ...(keptMs !== undefined && { expiresAt: toTtl(first.at + keptMs) }),
      };
      const put = new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      return (await conditionHeld(table.client.send(put))) ? 'stored' : 'taken';
    },

    async erase(room, seq, what) {
      for (let tries = 0; tries < ERASURE_TRIES; tries++) {
        const item = await itemUpTo(room, seq);
        const index = item ? seq - Number(item.sk) : -1;
        const entries = item && 'group' in item ? item.group : item ? [item] : [];
        const entry = entries[index];
        if (!item || !entry) return;
        const erased = without(entry, what);
        const { erasures = 0 } = item;
        const put = new PutCommand({
          TableName: table.name,
          Item: {
            ...('group' in item ? { ...item, group: entries.with(index, erased) } : erased),
            erasures: erasures + 1,
          },
          // An item that is gone must not come back, nor what another has erased meanwhile.
          ConditionExpression:
            erasures === 0
              ? 'attribute_exists(pk) AND attribute_not_exists(erasures)'
              : 'erasures = :erasures',
          ...(erasures > 0 && { ExpressionAttributeValues: { ':erasures': erasures } }),
        });
        if (await conditionHeld(table.client.send(put))) return;
      }
      throw new Error('Others erased beside each time.');
    },

    async readForward(room, after, limit, enough) {
      const wanted = ({ seq }: RoomEvent) => seq > after;
      const events = await read(room, limit, upTo(room, '>', after), wanted, enough);
      // The log is dense: if the next event is not under a key of its own, it stands in a group
      // that began before.
      if (after === 0 || events[0]?.seq === after + 1) return events;
      const before = await itemUpTo(room, after);
      const held = before && isKept(before) ? eventsOf(room, before).filter(wanted) : [];
      return [...held, ...events].slice(0, limit);
    },

    readBackward,

    newest: (rooms) =>
      newestEvents<LogItem>(table, rooms, {
        eventsIn: (room, item) => (isKept(item) ? eventsOf(room, item) : []),
        ask: async (room) => (await readBackward(room, Number.MAX_SAFE_INTEGER, 1))[0],
      }),

    async head(room) {
      const found = await newestThere(room);
      if (clock.now() - found.at < certainMs) return found;
      // Whether this one is kept proves nothing: it may have been put when events were kept for
      // longer than those that followed it.
      const { pumped, counters, head } = await leases.find(room);
      const reached: LogEnd = pumped >= head.seq ? { seq: pumped, ...counters } : head;
      if (reached.seq <= found.seq) return found;
      // Put since the log was read, or expired and deleted.
      const again = await newestThere(room);
      return again.seq >= reached.seq ? again : { ...reached, at: again.at };
    },
  };

  /** The newest event that has not been deleted, expired or not. */
  async function newestThere(room: string): Promise<Head> {
    const newest = await itemUpTo(room, Number.MAX_SAFE_INTEGER);
    const last = newest && eventsOf(room, newest).at(-1);
    if (!last) return { seq: 0, at: 0, ...NO_COUNTERS };
    const { seq, at, crowded } = last;
    return { seq, at, ...countersOf(last), ...(crowded && { crowded }) };
  }
}

function upTo(room: string, comparison: '<' | '<=' | '>', seq: number): Range {
  return {
    KeyConditionExpression: `pk = :log AND sk ${comparison} :seq`,
    ExpressionAttributeValues: { ':log': keys.log(room), ':seq': keys.seq(seq) },
  };
}

/** An entry, or an item that is one, of which something is erased. */
function without<Held extends Entry>(entry: Held, what: 'content' | 'payload'): Held {
  const { content, payload, ...envelope } = entry;
  return {
    ...envelope,
    ...(content !== undefined && { content: '' }),
    ...(what === 'content' && payload !== undefined && { payload }),
    erased: true,
  } as Held;
}

function toEntry({ room: _room, seq, n, m, p, g, payload, ...entry }: RoomEvent): Entry {
  return { ...entry, ...toStoredPayload(payload), ...toBeStored(seq, { n, m, p, g }) };
}

function eventsOf(
  room: string,
  { pk: _pk, sk, expiresAt: _expiresAt, erasures: _erasures, ...held }: LogItem,
): RoomEvent[] {
  const first = Number(sk);
  const entries = 'group' in held ? held.group : [held];
  return entries.map((entry, index) => {
    const seq = first + index;
    const { content, payload, ...envelope } = entry;
    const said = fromStoredPayload({ content, payload });
    return { ...envelope, room, seq, payload: said, ...filledIn(seq, entry) };
  });
}
