import { KINDS } from '../../features/kinds.ts';
import { BUILT_IN_ONLY } from '../../lambdas/auth/issuer-settings.ts';
import { lookAlikes } from '../../lambdas/auth/look-alikes.ts';
import { passwordPolicy } from '../../lambdas/auth/password-policy.ts';
import { tokenKeys } from '../../lambdas/auth/token-keys.ts';
import { hmacTokens } from '../../lambdas/auth/tokens.ts';
import { dynamoAccountStore, dynamoLoginAttemptStore } from '../../lambdas/aws/account-store.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lambdas/aws/config.ts';
import { dynamoConnectionStore } from '../../lambdas/aws/connection-store.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoInbox } from '../../lambdas/aws/inbox.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { dynamoMembershipStore } from '../../lambdas/aws/membership-store.ts';
import { outsideIssuersOnDemand } from '../../lambdas/aws/outside-issuers.ts';
import { dynamoOverlayStore } from '../../lambdas/aws/overlay-store.ts';
import { dynamoSessionStore } from '../../lambdas/aws/session-store.ts';
import { dynamoSourceBudget } from '../../lambdas/aws/source-budget.ts';
import { dynamoSuperuserRoster } from '../../lambdas/aws/superuser-roster.ts';
import { dynamoTicketStore } from '../../lambdas/aws/ticket-store.ts';
import { dynamoUserBudget } from '../../lambdas/aws/user-budget.ts';
import { postShard } from '../../lambdas/chat/post-shard.ts';
import { resumePump, roomPump } from '../../lambdas/chat/pump.ts';
import { inlineBudget, relayBudget } from '../../lambdas/chat/pump-budget.ts';
import type { JournalEntry } from '../../lambdas/edge/journal.ts';
import { memoryTable } from '../../local/database.ts';
import { cheapHasher } from './cheap-hasher.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeConnectionGateway } from './fake-connection-gateway.ts';
import { fakeMeter } from './fake-meter.ts';
import { fakeRandom } from './fake-random.ts';
import { fakeRelay } from './fake-relay.ts';
import { memoryTokenSecret } from './memory-token-secret.ts';

/** The secret of `fakeServices().tokens`, of the smallest size that is allowed. */
export const TOKEN_SECRET = new TextEncoder().encode('0123456789abcdef0123456789abcdef');

/** What each issuer that shares a secret shares. */
export const OUTSIDE_SECRET = new TextEncoder().encode('django-insecure-0123456789abcdef');

export type FakeServices = ReturnType<typeof fakeServices>;

/** How long the fanout function may run. */
const FANOUT_TIMEOUT_MS = 900_000;

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Everything that any handler needs, in memory: spread it or pass it as it is. The journal's
 * lines are in `entries`, what was counted in `meter`. What is handed on waits in `relay` until a test runs it.
 *
 * The pump looks at this very object: a port that a test replaces in it is replaced for the pump.
 */
export function fakeServices(settings: Partial<Settings> = {}) {
  const clock = fakeClock();
  const random = fakeRandom();
  const entries: JournalEntry[] = [];
  const relay = fakeRelay({
    resume: (room, ticket) =>
      resumePump(services, room, ticket, relayBudget(clock, FANOUT_TIMEOUT_MS)),
    postShard: (task) => postShard(services, task),
  });
  const table = memoryTable();
  const { frameRate = DEFAULT_SETTINGS.frameRate } = settings;
  const { historyRetentionDays } = settings;
  const services = {
    ...DEFAULT_SETTINGS,
    ...settings,
    clock,
    random,
    relay,
    gateway: fakeConnectionGateway(),
    table,
    budget: dynamoUserBudget(table, frameRate),
    connections: dynamoConnectionStore(table, frameRate),
    log: dynamoEventLog(table, {
      clock,
      retentionMs: historyRetentionDays && historyRetentionDays * DAY_MS,
    }),
    inbox: dynamoInbox(table),
    leases: dynamoLeaseStore(table),
    overlays: dynamoOverlayStore(table, {
      now: clock.now,
      retentionMs: historyRetentionDays && historyRetentionDays * DAY_MS,
    }),
    kinds: KINDS,
    memberships: dynamoMembershipStore(table),
    sightingOf: keys.sighting,
    accounts: dynamoAccountStore(table),
    attempts: dynamoLoginAttemptStore(table),
    sources: dynamoSourceBudget(table),
    sessions: dynamoSessionStore(table),
    tickets: dynamoTicketStore(table),
    tokens: hmacTokens(tokenKeys(memoryTokenSecret(TOKEN_SECRET).store, clock), {
      clock,
      random,
      ...settings,
    }),
    outside: outsideIssuersOnDemand(settings.issuers ?? BUILT_IN_ONLY, {
      clock,
      readSecret: async () => OUTSIDE_SECRET,
    }),
    hasher: cheapHasher(),
    policy: passwordPolicy,
    roster: dynamoSuperuserRoster(table),
    looks: lookAlikes,
    entries,
    journal: (entry: JournalEntry) => void entries.push(entry),
    meter: fakeMeter(),
  };
  return Object.assign(services, { fanOut: roomPump(services, () => inlineBudget(clock)) });
}
