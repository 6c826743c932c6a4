import { describe } from '@jest/globals';
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
import { SIMULATED_TABLE, SimulatedTable } from './table.ts';

/** The adapters on the simulated table must do what they do on engines that others wrote. */
describe('the simulated table', () => {
  const on =
    <Store>(open: (table: Table) => Store) =>
    async () =>
      open({ name: SIMULATED_TABLE, client: directClient(newTable()) });
  eventLogContract('simulated', on(dynamoEventLog));
  expiringLogContract('simulated', async (clock) =>
    expiringRoomOn({ name: SIMULATED_TABLE, client: directClient(newTable()) }, clock),
  );
  leaseStoreContract('simulated', on(dynamoLeaseStore));
  inboxContract('simulated', on(dynamoInbox));
  connectionStoreContract('simulated', async (rate) =>
    dynamoConnectionStore({ name: SIMULATED_TABLE, client: directClient(newTable()) }, rate),
  );
  accountStoreContract('simulated', on(dynamoAccountStore));
  loginAttemptStoreContract('simulated', on(dynamoLoginAttemptStore));
  sessionStoreContract('simulated', on(dynamoSessionStore));
});

/** Small pages, so that a reader who takes the first for all is found out. */
const newTable = () => new SimulatedTable({ now: () => 0, pageItems: () => 3, lagMs: () => 0 });
