import {
  type Account,
  type AccountStore,
  CLAIM_WAITS_MS,
  type LoginAttemptStore,
  type LoginAttempts,
  type LoginCounter,
} from '../../lambdas/chat/ports/account-store.ts';

/** Accounts in memory. */
export function memoryAccountStore(): AccountStore {
  const accounts = new Map<string, Account>();
  const bearers = new Map<string, string>();
  const looks = new Map<string, { bearer: string; claimedAt: number }>();
  return {
    async create(account) {
      const there = accounts.get(account.id);
      // The same hash is the same write, tried again.
      if (there) return there.passwordHash === account.passwordHash ? 'created' : 'taken';
      accounts.set(account.id, { ...account });
      return 'created';
    },
    async find(id) {
      const account = accounts.get(id);
      return account && { ...account };
    },
    async rehash(id, from, to) {
      const account = accounts.get(id);
      if (account?.passwordHash === from) account.passwordHash = to;
    },
    async setDisabled(id, disabled) {
      const account = accounts.get(id);
      if (!account) return 'missing';
      account.disabled = disabled;
      if (disabled) nextEpoch(account);
      return 'set';
    },
    async setSuperuser(id, superuser) {
      const account = accounts.get(id);
      if (!account) return 'missing';
      account.superuser = superuser;
      return 'set';
    },
    async setPassword(id, passwordHash) {
      const account = accounts.get(id);
      if (account?.passwordHash === undefined) return 'missing';
      account.passwordHash = passwordHash;
      nextEpoch(account);
      return 'set';
    },
    async meet(id, username, at) {
      bearers.set(username, id);
      const known = accounts.get(id);
      const fresh = { id, disabled: false, superuser: false, createdAt: at };
      accounts.set(id, { ...(known ?? fresh), username });
    },
    async bearing(username) {
      const account = accounts.get(bearers.get(username) ?? '');
      return account?.username === username ? { ...account } : undefined;
    },
    async link(id, to, at) {
      const known = accounts.get(id);
      if (known?.linkedTo !== undefined && known.linkedTo !== to) return 'other';
      const fresh = { id, username: id, disabled: false, superuser: false, createdAt: at };
      accounts.set(id, { ...(known ?? fresh), linkedTo: to });
      return 'linked';
    },
    async claimLook(look, id, at) {
      const claim = looks.get(look);
      const waits = claim && (claim.claimedAt > at - CLAIM_WAITS_MS || accounts.has(claim.bearer));
      if (waits && claim.bearer !== id) return 'taken';
      looks.set(look, { bearer: id, claimedAt: at });
      return 'claimed';
    },
  };
}

function nextEpoch(account: Account): void {
  account.loginEpoch = (account.loginEpoch ?? 0) + 1;
}

/** Attempts to log in, in memory. */
export function memoryLoginAttemptStore(): LoginAttemptStore {
  const attempts = new Map<string, LoginAttempts>();
  const key = ({ userId, of }: LoginCounter) => JSON.stringify([userId, of]);
  return {
    async find(counter) {
      const found = attempts.get(key(counter));
      return found && { ...found };
    },
    async replace(counter, seen, next) {
      const there = attempts.get(key(counter));
      const unchanged =
        there?.failures === seen?.failures && there?.blockedUntil === seen?.blockedUntil;
      if (!unchanged) return 'raced';
      attempts.set(key(counter), { ...next });
      return 'written';
    },
    async clear(counter) {
      attempts.delete(key(counter));
    },
  };
}
