import { BUILT_IN_ONLY } from '../../lambdas/auth/issuer-settings.ts';
import { lookAlikes } from '../../lambdas/auth/look-alikes.ts';
import { passwordPolicy } from '../../lambdas/auth/password-policy.ts';
import { scryptHasher } from '../../lambdas/auth/passwords.ts';
import { hmacTokens } from '../../lambdas/auth/tokens.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lambdas/aws/config.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { outsideIssuersOnDemand } from '../../lambdas/aws/outside-issuers.ts';
import { postShard } from '../../lambdas/chat/post-shard.ts';
import { resumePump, roomPump } from '../../lambdas/chat/pump.ts';
import { inlineBudget, relayBudget } from '../../lambdas/chat/pump-budget.ts';
import type { JournalEntry } from '../../lambdas/edge/journal.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeConnectionGateway } from './fake-connection-gateway.ts';
import { fakeMeter } from './fake-meter.ts';
import { fakeRandom } from './fake-random.ts';
import { fakeRelay } from './fake-relay.ts';
import { memoryAccountStore, memoryLoginAttemptStore } from './memory-account-store.ts';
import { memoryConnectionStore } from './memory-connection-store.ts';
import { memoryEventLog } from './memory-event-log.ts';
import { memoryInbox } from './memory-inbox.ts';
import { memoryLeaseStore } from './memory-lease-store.ts';
import { memoryMembershipStore } from './memory-membership-store.ts';
import { memorySessionStore } from './memory-session-store.ts';
import { memorySourceBudget } from './memory-source-budget.ts';
import { memorySuperuserRoster } from './memory-superuser-roster.ts';
import { memoryTicketStore } from './memory-ticket-store.ts';
import { memoryUserBudget } from './memory-user-budget.ts';

/** The secret of `fakeServices().tokens`, of the smallest size that is allowed. */
export const TOKEN_SECRET = new TextEncoder().encode('0123456789abcdef0123456789abcdef');

/** What each issuer that shares a secret shares. */
export const OUTSIDE_SECRET = new TextEncoder().encode('django-insecure-0123456789abcdef');

/** scrypt at a price that tests can pay. */
export const CHEAP_SCRYPT = { ln: 4, r: 8, p: 1 };

/** The same for what a wrong password costs beside it. */
export const CHEAP_DJANGO_ITERATIONS = 10;

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
  const leases = memoryLeaseStore();
  const budget = memoryUserBudget(settings.frameRate ?? DEFAULT_SETTINGS.frameRate);
  const { historyRetentionDays } = settings;
  const services = {
    ...DEFAULT_SETTINGS,
    ...settings,
    clock,
    random,
    relay,
    gateway: fakeConnectionGateway(),
    budget,
    connections: memoryConnectionStore(settings.frameRate, budget),
    log: memoryEventLog({
      clock,
      leases,
      retentionMs: historyRetentionDays && historyRetentionDays * DAY_MS,
    }),
    inbox: memoryInbox(),
    leases,
    memberships: memoryMembershipStore(),
    sightingOf: keys.sighting,
    accounts: memoryAccountStore(),
    attempts: memoryLoginAttemptStore(),
    sources: memorySourceBudget(),
    sessions: memorySessionStore(),
    tickets: memoryTicketStore(),
    tokens: hmacTokens(TOKEN_SECRET, { clock, random, ...settings }),
    outside: outsideIssuersOnDemand(settings.issuers ?? BUILT_IN_ONLY, {
      clock,
      readSecret: async () => OUTSIDE_SECRET,
    }),
    hasher: scryptHasher(CHEAP_SCRYPT, CHEAP_DJANGO_ITERATIONS),
    policy: passwordPolicy,
    roster: memorySuperuserRoster(),
    looks: lookAlikes,
    entries,
    journal: (entry: JournalEntry) => void entries.push(entry),
    meter: fakeMeter(),
  };
  return Object.assign(services, { fanOut: roomPump(services, () => inlineBudget(clock)) });
}
