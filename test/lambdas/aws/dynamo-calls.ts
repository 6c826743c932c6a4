import {
  ConditionalCheckFailedException,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { dynamoAccountStore, dynamoLoginAttemptStore } from '../../../lambdas/aws/account-store.ts';
import { dynamoConnectionStore } from '../../../lambdas/aws/connection-store.ts';
import { openTable } from '../../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { dynamoInbox } from '../../../lambdas/aws/inbox.ts';
import { dynamoLeaseStore } from '../../../lambdas/aws/lease-store.ts';
import { dynamoMembershipStore } from '../../../lambdas/aws/membership-store.ts';
import { dynamoOverlayStore } from '../../../lambdas/aws/overlay-store.ts';
import { dynamoSessionStore } from '../../../lambdas/aws/session-store.ts';
import { dynamoSourceBudget } from '../../../lambdas/aws/source-budget.ts';
import { dynamoTicketStore } from '../../../lambdas/aws/ticket-store.ts';
import { filledIn } from '../../../lambdas/chat/counters.ts';
import type { Lease } from '../../../lambdas/chat/ports/lease-store.ts';
import { START } from '../../fakes/fake-clock.ts';
import { aConnection, anAccount, anEnd, anEvent, aQueuedDraft } from '../../fakes/samples.ts';

/** The stores on a table whose every answer is scripted. */
export function mockedStores() {
  const table = openTable('parlor', { region: 'eu-central-1' });
  const dynamo = mockClient(table.client);
  return {
    table,
    dynamo,
    log: dynamoEventLog(table),
    connections: dynamoConnectionStore(table),
    leases: dynamoLeaseStore(table),
    inbox: dynamoInbox(table),
    overlays: dynamoOverlayStore(table),
    memberships: dynamoMembershipStore(table),
    accounts: dynamoAccountStore(table),
    attempts: dynamoLoginAttemptStore(table),
    sources: dynamoSourceBudget(table),
    sessions: dynamoSessionStore(table),
    tickets: dynamoTicketStore(table),
  };
}

export type MockedStores = ReturnType<typeof mockedStores>;

const LEASE: Lease = {
  room: 'lobby',
  owner: 'owner',
  until: START,
  pumped: 7,
  folded: 7,
  wanted: 3,
  drafts: 2,
  drained: 1,
  shards: 4,
  members: 2_345,
  counters: filledIn(7, {}),
  head: anEnd(0),
};

const MANY_ROOMS = Array.from({ length: 20 }, (_, n) => `room-${n}`);

const counter = { userId: 'alice', of: 'all' };
const attempts = { failures: 1, blockedUntil: START };

/** Every method of every store, called once. */
export const CALLS = {
  'log.put': ({ log }) => log.put(anEvent()),
  'log.readForward': ({ log }) => log.readForward('lobby', 0, 10),
  'log.readBackward': ({ log }) => log.readBackward('lobby', 10, 10),
  'log.newest': ({ log }) => log.newest(MANY_ROOMS),
  'log.erase': ({ log }) => log.erase('lobby', 1, 'content'),
  'overlays.find': ({ overlays }) => overlays.find('lobby', [1]),
  'overlays.between': ({ overlays }) => overlays.between('lobby', 1, 2),
  'overlays.put': ({ overlays }) =>
    overlays.put({ room: 'lobby', target: 1, asOf: 2, parts: {}, obsolete: [] }, 0),
  'log.head': ({ log }) => log.head('lobby'),
  'leases.take': ({ leases }) => leases.take('lobby', 'owner', START, START + 1, true),
  'leases.mark': ({ leases }) => leases.mark('lobby', START, true),
  'leases.claim': ({ leases }) => leases.claim('lobby', 'ticket', 'owner', START + 1),
  'leases.advance': ({ leases }) => leases.advance(LEASE, LEASE, START + 1),
  'leases.release': ({ leases }) => leases.release(LEASE, LEASE),
  'leases.noteHead': ({ leases }) => leases.noteHead('lobby', anEnd(9)),
  'leases.find': ({ leases }) => leases.find('lobby'),
  'leases.shards': ({ leases }) => leases.shards('lobby'),
  'inbox.enqueue': ({ inbox }) => inbox.enqueue(aQueuedDraft()),
  'inbox.read': ({ inbox }) => inbox.read('lobby', 10),
  'inbox.remove': ({ inbox }) => inbox.remove([aQueuedDraft()]),
  'connections.add': ({ connections }) => connections.add(aConnection()),
  'connections.touch': ({ connections }) => connections.touch('c', START),
  'connections.join': ({ connections }) => connections.join(aConnection(), 'music', 3),
  'connections.leave': ({ connections }) => connections.leave(aConnection(), 'lobby'),
  'connections.renew': ({ connections }) => connections.renew(aConnection(), START),
  'connections.find': ({ connections }) => connections.find('c', START),
  'connections.remove': ({ connections }) => connections.remove('c', { room: 'lobby', shard: 3 }),
  'connections.inShard': ({ connections }) => all(connections.inShard('lobby', 3, START)),
  'connections.expiringAt': ({ connections }) => all(connections.expiringAt(START)),
  'connections.ofUser': ({ connections }) => connections.ofUser('alice', START),
  'memberships.visit': ({ memberships }) => memberships.visit('alice', 'lobby', START),
  'memberships.visitFirst': ({ memberships }) => memberships.visitFirst('alice', 'lobby', START),
  'memberships.isRemoved': ({ memberships }) => memberships.isRemoved('alice', 'lobby'),
  'memberships.setRemoved': ({ memberships }) => memberships.setRemoved('alice', 'lobby', true),
  'memberships.find': ({ memberships }) => memberships.find('alice', 'lobby'),
  'memberships.findAll': ({ memberships }) => memberships.findAll('alice', ['lobby']),
  'memberships.markRead': ({ memberships }) =>
    memberships.markRead('alice', 'lobby', anEnd(7), START),
  'memberships.forget': ({ memberships }) => memberships.forget('alice', 'lobby'),
  'memberships.visits': ({ memberships }) => memberships.visits('alice', 10),
  'accounts.create': ({ accounts }) => accounts.create(anAccount()),
  'accounts.find': ({ accounts }) => accounts.find('alice'),
  'accounts.rehash': ({ accounts }) => accounts.rehash('alice', 'from', 'to'),
  'accounts.setDisabled': ({ accounts }) => accounts.setDisabled('alice', true),
  'attempts.find': ({ attempts }) => attempts.find(counter),
  'attempts.replace (first)': (stores) =>
    stores.attempts.replace(counter, undefined, attempts, START),
  'attempts.replace (next)': (stores) =>
    stores.attempts.replace(counter, attempts, attempts, START),
  'sources.take': ({ sources }) =>
    sources.take('192.0.2.7', 'login', { burst: 2, perSecond: 1 }, START),
  'attempts.clear': ({ attempts }) => attempts.clear(counter),
  'sessions.open': ({ sessions }) =>
    sessions.open({ id: 's', userId: 'alice', current: 'a', expiresAt: START }),
  'sessions.find': ({ sessions }) => sessions.find('s', START),
  'sessions.rotate': ({ sessions }) => sessions.rotate('s', 'a', 'b', START, START),
  'sessions.end': ({ sessions }) => sessions.end('s'),
  'tickets.keep': ({ tickets }) =>
    tickets.keep('h', { userId: 'alice', authUntil: START, goodUntil: START }),
  'tickets.redeem': ({ tickets }) => tickets.redeem('h', 'c', START),
} satisfies Record<string, (stores: MockedStores) => Promise<unknown>>;

export type Call = keyof typeof CALLS;

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const seen: Item[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}

export const conditionFailed = () =>
  new ConditionalCheckFailedException({ message: 'The condition failed.', $metadata: {} });

export const throttled = () =>
  new ProvisionedThroughputExceededException({ message: 'Too fast.', $metadata: {} });
