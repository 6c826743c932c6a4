import { passwordPolicy } from '../../lambdas/auth/password-policy.ts';
import { scryptHasher } from '../../lambdas/auth/passwords.ts';
import { hmacTokens } from '../../lambdas/auth/tokens.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../lambdas/aws/config.ts';
import { broadcast } from '../../lambdas/chat/broadcast.ts';
import type { JournalEntry } from '../../lambdas/edge/journal.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeConnectionGateway } from './fake-connection-gateway.ts';
import { fakeRandom } from './fake-random.ts';
import { memoryAccountStore, memoryLoginAttemptStore } from './memory-account-store.ts';
import { memoryConnectionStore } from './memory-connection-store.ts';
import { memoryEventLog } from './memory-event-log.ts';
import { memoryMembershipStore } from './memory-membership-store.ts';
import { memorySessionStore } from './memory-session-store.ts';

/** The secret of `fakeServices().tokens`, of the smallest size that is allowed. */
export const TOKEN_SECRET = new TextEncoder().encode('0123456789abcdef0123456789abcdef');

/** scrypt at a price that tests can pay. */
export const CHEAP_SCRYPT = { ln: 4, r: 8, p: 1 };

export type FakeServices = ReturnType<typeof fakeServices>;

/**
 * Everything that any handler needs, in memory: spread it or pass it as it is. The journal's
 * lines are in `entries`.
 */
export function fakeServices(settings: Partial<Settings> = {}) {
  const clock = fakeClock();
  const random = fakeRandom();
  const gateway = fakeConnectionGateway();
  const connections = memoryConnectionStore();
  const entries: JournalEntry[] = [];
  return {
    ...DEFAULT_SETTINGS,
    ...settings,
    clock,
    random,
    gateway,
    connections,
    log: memoryEventLog(),
    memberships: memoryMembershipStore(),
    fanOut: broadcast({ connections, gateway, clock }),
    accounts: memoryAccountStore(),
    attempts: memoryLoginAttemptStore(),
    sessions: memorySessionStore(),
    tokens: hmacTokens(TOKEN_SECRET, { clock, random }),
    hasher: scryptHasher(CHEAP_SCRYPT),
    policy: passwordPolicy,
    entries,
    journal: (entry: JournalEntry) => void entries.push(entry),
  };
}
