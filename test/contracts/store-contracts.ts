import { afterAll, beforeAll } from '@jest/globals';
import { dynamoAccountStore, dynamoLoginAttemptStore } from '../../lambdas/aws/account-store.ts';
import { dynamoConnectionStore } from '../../lambdas/aws/connection-store.ts';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoInbox } from '../../lambdas/aws/inbox.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { dynamoMembershipStore } from '../../lambdas/aws/membership-store.ts';
import { dynamoOverlayStore } from '../../lambdas/aws/overlay-store.ts';
import { dynamoRoomMembers } from '../../lambdas/aws/room-members.ts';
import { dynamoSessionStore } from '../../lambdas/aws/session-store.ts';
import { dynamoSourceBudget } from '../../lambdas/aws/source-budget.ts';
import { dynamoSuperuserRoster } from '../../lambdas/aws/superuser-roster.ts';
import { dynamoTicketStore } from '../../lambdas/aws/ticket-store.ts';
import { accountStoreContract } from './account-store.contract.ts';
import { connectionStoreContract } from './connection-store.contract.ts';
import type { Engine } from './engines.ts';
import { eventLogContract } from './event-log.contract.ts';
import { expiringLogContract } from './expiring-log.contract.ts';
import { expiringRoomOn } from './expiring-rooms.ts';
import { inboxContract } from './inbox.contract.ts';
import { leaseStoreContract } from './lease-store.contract.ts';
import { loginAttemptStoreContract } from './login-attempt-store.contract.ts';
import { membershipStoreContract } from './membership-store.contract.ts';
import { newestEventsContract } from './newest-events.contract.ts';
import { overlayStoreContract } from './overlay-store.contract.ts';
import { roomMembersContract } from './room-members.contract.ts';
import { sessionStoreContract } from './session-store.contract.ts';
import { sourceBudgetContract } from './source-budget.contract.ts';
import { superuserRosterContract } from './superuser-roster.contract.ts';
import { ticketStoreContract } from './ticket-store.contract.ts';

/** What every store must do, on an engine. */
export function storeContracts(name: string, openEngine: () => Promise<Engine>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine();
  });
  afterAll(() => engine.close());

  const on =
    <Store>(open: (table: Table) => Store) =>
    async () =>
      open(await engine.newTable());
  eventLogContract(name, on(dynamoEventLog));
  expiringLogContract(name, async (clock) => expiringRoomOn(await engine.newTable(), clock));
  newestEventsContract(name, async (clock) => {
    const table = await engine.newTable();
    return (room) => expiringRoomOn(table, clock, room);
  });
  leaseStoreContract(name, on(dynamoLeaseStore));
  inboxContract(name, on(dynamoInbox));
  overlayStoreContract(name, on(dynamoOverlayStore));
  connectionStoreContract(name, async (rate) =>
    dynamoConnectionStore(await engine.newTable(), rate),
  );
  membershipStoreContract(name, on(dynamoMembershipStore));
  roomMembersContract(name, on(dynamoRoomMembers));
  accountStoreContract(name, on(dynamoAccountStore));
  loginAttemptStoreContract(name, on(dynamoLoginAttemptStore));
  sourceBudgetContract(name, on(dynamoSourceBudget));
  sessionStoreContract(name, on(dynamoSessionStore));
  superuserRosterContract(name, on(dynamoSuperuserRoster));
  ticketStoreContract(name, on(dynamoTicketStore));
}
