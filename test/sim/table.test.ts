import { describe, expect, test } from '@jest/globals';
import { dynamoAccountStore, dynamoLoginAttemptStore } from '../../lambdas/aws/account-store.ts';
import { dynamoConnectionStore } from '../../lambdas/aws/connection-store.ts';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoInbox } from '../../lambdas/aws/inbox.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { dynamoSessionStore } from '../../lambdas/aws/session-store.ts';
import { accountStoreContract } from '../contracts/account-store.contract.ts';
import { connectionStoreContract } from '../contracts/connection-store.contract.ts';
import { eventLogContract } from '../contracts/event-log.contract.ts';
import { expiringLogContract } from '../contracts/expiring-log.contract.ts';
import { expiringRoomOn } from '../contracts/expiring-rooms.ts';
import { inboxContract } from '../contracts/inbox.contract.ts';
import { leaseStoreContract } from '../contracts/lease-store.contract.ts';
import { loginAttemptStoreContract } from '../contracts/login-attempt-store.contract.ts';
import { sessionStoreContract } from '../contracts/session-store.contract.ts';
import { directClient } from './dynamo-client.ts';
import { condition, update } from './expressions.ts';
import { SimulatedTable } from './table.ts';

/** The adapters on the simulated table must do what they do on engines that others wrote. */
describe('the simulated table', () => {
  const on =
    <Store>(open: (table: Table) => Store) =>
    async () =>
      open({ name: 'chat', client: directClient(newTable()) });
  eventLogContract('simulated', on(dynamoEventLog));
  expiringLogContract('simulated', async (clock) =>
    expiringRoomOn({ name: 'chat', client: directClient(newTable()) }, clock),
  );
  leaseStoreContract('simulated', on(dynamoLeaseStore));
  inboxContract('simulated', on(dynamoInbox));
  connectionStoreContract('simulated', async (rate) =>
    dynamoConnectionStore({ name: 'chat', client: directClient(newTable()) }, rate),
  );
  accountStoreContract('simulated', on(dynamoAccountStore));
  loginAttemptStoreContract('simulated', on(dynamoLoginAttemptStore));
  sessionStoreContract('simulated', on(dynamoSessionStore));
});

/** Small pages, so that a reader who takes the first for all is found out. */
const newTable = () => new SimulatedTable({ now: () => 0, pageItems: () => 3, lagMs: () => 0 });

describe('the simulated expressions', () => {
  test('AND binds more tightly than OR', () => {
    const holds = condition('a = :yes OR b = :yes AND c = :yes');
    const values = { ':yes': 1 };
    expect(holds({ a: 1 }, { values })).toBe(true);
    expect(holds({ b: 1 }, { values })).toBe(false);
    expect(holds({ b: 1, c: 1 }, { values })).toBe(true);
  });

  test('what is absent compares with nothing', () => {
    const holds = condition('a < :one OR a >= :one');
    expect(holds({}, { values: { ':one': 1 } })).toBe(false);
  });

  test('operands of an update mean the item as it was before', () => {
    const after = { a: 1, b: 2 };
    update('SET a = b, b = a')({ ...after }, after, {});
    expect(after).toEqual({ a: 2, b: 1 });
  });

  test('what is not understood is refused', () => {
    expect(() => condition('contains(a, :b)')).toThrow(/simulator/);
    expect(() => update('ADD a :b')).toThrow(/simulator/);
    expect(() => condition('a = :b c')).toThrow(/goes on/);
  });
});
