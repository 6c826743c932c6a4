import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { passwordPolicy } from '../auth/password-policy.ts';
import { scryptHasher } from '../auth/passwords.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { Clock, Random } from '../chat/ports/clock.ts';
import type { ConnectionGateway } from '../chat/ports/connection-gateway.ts';
import type { Relay } from '../chat/ports/relay.ts';
import { roomPump } from '../chat/pump.ts';
import { inlineBudget } from '../chat/pump-budget.ts';
import { dynamoAccountStore, dynamoLoginAttemptStore } from './account-store.ts';
import type { Settings } from './config.ts';
import { dynamoConnectionStore } from './connection-store.ts';
import type { Table } from './dynamo.ts';
import { dynamoEventLog } from './event-log.ts';
import { dynamoInbox } from './inbox.ts';
import type { jsonLines } from './journal.ts';
import { keys } from './keys.ts';
import { dynamoLeaseStore } from './lease-store.ts';
import { dynamoMembershipStore } from './membership-store.ts';
import { dynamoSessionStore } from './session-store.ts';

/**
 * The ports, wired to a table, by what needs them: a function bundles and loads only what it
 * names. Deployed functions get theirs from deployed.ts, the local runner builds its own.
 */

export const systemClock: Clock = { now: Date.now, sleep: async (ms) => void (await sleep(ms)) };
export const systemRandom: Random = { id: randomUUID, fraction: Math.random };

/** Rooms, their logs and pumps, and who is connected. */
export function roomServices(
  table: Table,
  gateway: ConnectionGateway,
  relay: Relay,
  { roomPostsPerSecond }: Pick<Settings, 'roomPostsPerSecond'>,
  journal: ReturnType<typeof jsonLines>,
) {
  const ports = {
    clock: systemClock,
    random: systemRandom,
    journal,
    gateway,
    relay,
    roomPostsPerSecond,
    connections: dynamoConnectionStore(table),
    log: dynamoEventLog(table),
    inbox: dynamoInbox(table),
    leases: dynamoLeaseStore(table),
    memberships: dynamoMembershipStore(table),
    sightingOf: keys.sighting,
  };
  return { ...ports, fanOut: roomPump(ports, () => inlineBudget(systemClock)) };
}

/** Whom a token speaks for. */
export function identityServices(table: Table, tokens: Tokens, settings: Settings) {
  return { ...settings, tokens, accounts: dynamoAccountStore(table) };
}

/** Registering, logging in and out. */
export function loginServices(table: Table) {
  return {
    attempts: dynamoLoginAttemptStore(table),
    sessions: dynamoSessionStore(table),
    hasher: scryptHasher(),
    policy: passwordPolicy,
  };
}
