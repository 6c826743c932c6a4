import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Counters, countersOf, filledIn, NO_COUNTERS } from '../chat/counters.ts';
import type { Lease, LeaseStore, LogEnd, Progress } from '../chat/ports/lease-store.ts';
import { type Table, updateIf } from './dynamo.ts';
import { keys } from './keys.ts';

/**
 * A lease's item. What has not been written yet is 0, but a room has one shard from the start. The
 * counters name the seq that they are of: a version without counters moves `pumped` alone.
 */
type LeaseItem = Partial<Omit<Lease, 'room' | 'counters' | 'head'>> & {
  head?: number;
  pumpedCounters?: LogEnd;
  headCounters?: LogEnd;
};

/** Names that DynamoDB keeps for itself. */
const RESERVED = { '#owner': 'owner', '#until': 'until' };

const PROGRESS =
  'SET pumped = :pumped, folded = :pumped, pumpedCounters = :counters, drained = :drained, shards = :shards, members = :members';

const progressValues = ({ pumped, counters, drained, shards, members }: Progress) => ({
  ':pumped': pumped,
  ':counters': { seq: pumped, ...countersOf(counters) },
  ':drained': drained,
  ':shards': shards,
  ':members': members,
});

/** Adds one to `drafts` when a draft was left, and else nothing. */
const DRAFTED = 'drafts = if_not_exists(drafts, :zero) + :drafted';

const draftedValues = (drafted: boolean) => ({ ':zero': 0, ':drafted': drafted ? 1 : 0 });

export function dynamoLeaseStore(table: Table): LeaseStore {
  async function update(
    room: string,
    UpdateExpression: string,
    ConditionExpression: string,
    ExpressionAttributeValues: Record<string, unknown>,
  ): Promise<Lease | undefined> {
    const used = (name: string) => `${UpdateExpression}${ConditionExpression}`.includes(name);
    const item = await updateIf<LeaseItem>(table, {
      Key: keys.lease(room),
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeNames: Object.fromEntries(
        Object.entries(RESERVED).filter(([name]) => used(name)),
      ),
      ExpressionAttributeValues,
    });
    return item && toLease(room, item);
  }

  async function read(room: string, ConsistentRead: boolean): Promise<Lease> {
    const { Item = {} } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: keys.lease(room), ConsistentRead }),
    );
    return toLease(room, Item);
  }

  return {
    async take(room, owner, now, until, drafted) {
      const lease = await update(
        room,
        `SET #owner = :owner, #until = :until, wanted = if_not_exists(wanted, :zero), ${DRAFTED}`,
        // The last for a call that is tried again because its answer was lost.
        'attribute_not_exists(#owner) OR #until <= :now OR #owner = :owner',
        { ':owner': owner, ':until': until, ':now': now, ...draftedValues(drafted) },
      );
      return lease ?? 'held';
    },

    async mark(room, now, drafted) {
      const lease = await update(
        room,
        `SET wanted = wanted + :one, ${DRAFTED}`,
        'attribute_exists(#owner) AND #until > :now',
        { ':one': 1, ':now': now, ...draftedValues(drafted) },
      );
      return lease ? 'marked' : 'free';
    },

    async claim(room, from, to, until) {
      const lease = await update(
        room,
        'SET #owner = :to, #until = :until',
        '#owner = :from OR #owner = :to',
        { ':from': from, ':to': to, ':until': until },
      );
      return lease ?? 'lost';
    },

    async advance({ room, owner }, progress, until) {
      const lease = await update(room, `${PROGRESS}, #until = :until`, '#owner = :owner', {
        ...progressValues(progress),
        ':owner': owner,
        ':until': until,
      });
      return lease ?? 'lost';
    },

    async release({ room, owner, wanted }, progress) {
      const lease = await update(
        room,
        `${PROGRESS} REMOVE #owner, #until`,
        '#owner = :owner AND wanted = :wanted',
        { ...progressValues(progress), ':owner': owner, ':wanted': wanted },
      );
      if (lease) return 'released';
      return (await read(room, true)).owner === owner ? 'wanted' : 'lost';
    },

    async noteHead(room, { seq, ...counters }) {
      await updateIf(table, {
        Key: keys.lease(room),
        UpdateExpression: 'SET head = :seq, headCounters = :counters',
        ConditionExpression: 'attribute_not_exists(head) OR head < :seq',
        ExpressionAttributeValues: {
          ':seq': seq,
          ':counters': { seq, ...countersOf(counters) },
        },
      });
    },

    find: (room) => read(room, true),

    shards: async (room) => (await read(room, false)).shards,
  };
}

/** @param kept of that seq or, where a version without counters wrote last, of one before */
function countersAt(seq = 0, kept: LogEnd = { seq: 0, ...NO_COUNTERS }): Counters {
  const more = seq - kept.seq;
  const counters = filledIn(kept.seq, kept);
  return { ...counters, n: counters.n + more, ...(more > 0 && { m: seq }) };
}

function toLease(room: string, item: LeaseItem): Lease {
  return {
    room,
    owner: item.owner ?? '',
    until: item.until ?? 0,
    pumped: item.pumped ?? 0,
    // Absent where the last to pump folded nothing, and so did all before: there was nothing to fold.
    folded: Math.min(item.folded ?? Number.POSITIVE_INFINITY, item.pumped ?? 0),
    wanted: item.wanted ?? 0,
    drafts: item.drafts ?? 0,
    drained: item.drained ?? 0,
    shards: item.shards ?? 1,
    members: item.members ?? 0,
    counters: countersAt(item.pumped, item.pumpedCounters),
    head: { seq: item.head ?? 0, ...countersAt(item.head, item.headCounters) },
  };
}
