import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import type { FakeClock } from '../fakes/fake-clock.ts';
import type { ExpiringRoom } from './expiring-log.contract.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const toMs = (days: number | undefined) => (days === undefined ? undefined : days * DAY_MS);

/** A room of a table, for contracts of logs. */
export function expiringRoomOn(table: Table, clock: FakeClock, room = 'lobby'): ExpiringRoom {
  return {
    keeping: (days) => dynamoEventLog(table, { clock, retentionMs: toMs(days) }),
    leases: dynamoLeaseStore(table),
    async remove(seq) {
      const Key = keys.event(room, seq);
      await table.client.send(new DeleteCommand({ TableName: table.name, Key }));
    },
  };
}
