import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { KINDS } from '../../features/kinds.ts';
import { lookAlikes } from '../auth/look-alikes.ts';
import type { OutsidePorts } from '../auth/outside-issuers.ts';
import { passwordPolicy } from '../auth/password-policy.ts';
import { scryptHasher } from '../auth/passwords.ts';
import type { Tokens } from '../auth/tokens.ts';
import { meteredGateway, meteredLog } from '../chat/metered.ts';
import type { Clock, Random } from '../chat/ports/clock.ts';
import type { ConnectionGateway } from '../chat/ports/connection-gateway.ts';
import type { Meter } from '../chat/ports/meter.ts';
import type { Relay } from '../chat/ports/relay.ts';
import { roomPump } from '../chat/pump.ts';
import { inlineBudget } from '../chat/pump-budget.ts';
import { dynamoAccountStore, dynamoLoginAttemptStore } from './account-store.ts';
import type { Settings } from './config.ts';
import { dynamoConnectionStore, USUAL_RATE } from './connection-store.ts';
import type { Table } from './dynamo.ts';
import { dynamoEventLog } from './event-log.ts';
import { dynamoInbox } from './inbox.ts';
import { keys } from './keys.ts';
import { dynamoLeaseStore } from './lease-store.ts';
import { dynamoMembershipStore } from './membership-store.ts';
import { outsideIssuersOnDemand } from './outside-issuers.ts';
import { dynamoOverlayStore } from './overlay-store.ts';
import { dynamoSessionStore } from './session-store.ts';
import { dynamoSourceBudget } from './source-budget.ts';
import { dynamoSuperuserRoster } from './superuser-roster.ts';
import { dynamoTicketStore } from './ticket-store.ts';
import { dynamoUserBudget } from './user-budget.ts';

/**
 * The ports, wired to a table, by what needs them: a function bundles and loads only what it
 * names. Deployed functions get theirs from deployed.ts, the local runner builds its own.
 */

export const systemClock: Clock = { now: Date.now, sleep: async (ms) => void (await sleep(ms)) };
export const systemRandom: Random = { id: randomUUID, fraction: Math.random };

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Rooms, their logs and pumps, and who is connected. */
export function roomServices<Seen extends { meter: Meter }>(
  table: Table,
  gateway: ConnectionGateway,
  relay: Relay,
  {
    roomPostsPerSecond,
    frameRate = USUAL_RATE,
    historyRetentionDays,
  }: Pick<Settings, 'roomPostsPerSecond'> &
    Partial<Pick<Settings, 'frameRate' | 'historyRetentionDays'>>,
  observed: Seen,
) {
  const log = dynamoEventLog(table, {
    clock: systemClock,
    retentionMs: historyRetentionDays && historyRetentionDays * DAY_MS,
  });
  const ports = {
    ...observed,
    clock: systemClock,
    random: systemRandom,
    gateway: meteredGateway(gateway, observed.meter),
    relay,
    roomPostsPerSecond,
    connections: dynamoConnectionStore(table, frameRate),
    budget: dynamoUserBudget(table, frameRate),
    log: meteredLog(log, observed.meter),
    inbox: dynamoInbox(table),
    leases: dynamoLeaseStore(table),
    overlays: dynamoOverlayStore(table, {
      retentionMs: historyRetentionDays && historyRetentionDays * DAY_MS,
    }),
    kinds: KINDS,
    memberships: dynamoMembershipStore(table),
    sightingOf: keys.sighting,
  };
  return { ...ports, fanOut: roomPump(ports, () => inlineBudget(systemClock)) };
}

/** Whom a token speaks for. */
export function identityServices(
  table: Table,
  tokens: Tokens,
  settings: Settings,
  readSecret: OutsidePorts['readSecret'],
) {
  return {
    ...settings,
    tokens,
    outside: outsideIssuersOnDemand(settings.issuers, { clock: systemClock, readSecret }),
    accounts: dynamoAccountStore(table),
    sessions: dynamoSessionStore(table),
    tickets: dynamoTicketStore(table),
  };
}

/** Registering and logging in. */
export function loginServices(table: Table) {
  return {
    attempts: dynamoLoginAttemptStore(table),
    sources: dynamoSourceBudget(table),
    hasher: scryptHasher(),
    policy: passwordPolicy,
    looks: lookAlikes,
  };
}

/** What superusers do to accounts. */
export const moderationServices = (table: Table) => ({ roster: dynamoSuperuserRoster(table) });
