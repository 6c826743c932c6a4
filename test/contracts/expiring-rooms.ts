import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';
import { type MemoryLogs, memoryEventLog } from '../fakes/memory-event-log.ts';
import { memoryLeaseStore } from '../fakes/memory-lease-store.ts';
import type { ExpiringRoom } from './expiring-log.contract.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const toMs = (days: number | undefined) => (days === undefined ? undefined : days * DAY_MS);

/** A room of a table, for expiringLogContract. */
export function expiringRoomOn(table: Table, clock: FakeClock): ExpiringRoom {
  return {
    keeping: (days) => dynamoEventLog(table, { clock, retentionMs: toMs(days) }),
    leases: dynamoLeaseStore(table),
    async remove(seq) {
      const Key = keys.event('lobby', seq);
      await table.client.send(new DeleteCommand({ TableName: table.name, Key }));
    },
  };
}

/** The same in memory. */
export function expiringRoomInMemory(clock: FakeClock): ExpiringRoom {
  const leases = memoryLeaseStore();
  const rooms: MemoryLogs = new Map();
  return {
    keeping: (days) => memoryEventLog({ clock, leases, rooms, retentionMs: toMs(days) }),
    leases,
    remove: async (seq) => void rooms.get('lobby')?.delete(seq),
  };
}
