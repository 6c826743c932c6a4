import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { AccountApi } from '../../client/account-api.ts';
import { ParlorClientError } from '../../client/errors.ts';
import { CANARY_ISSUER, CANARY_USER, CANARY_USERS } from '../auth/canary-issuer.ts';
import { CANARY_ROOMS } from '../chat/canary-rooms.ts';
import type { AccountStore } from '../chat/ports/account-store.ts';
import type { Clock } from '../chat/ports/clock.ts';
import type { PasswordHasher } from '../chat/ports/password.ts';

/** How the canary gets in, and leaves no login behind. */
export interface WayIn {
  /** @returns an access token */
  enter(): Promise<string>;
  leave(): Promise<void>;
}

/** Who the canary is: all of it follows from its secret, so that nobody can be there before it. */
export function identityOf(secret: string) {
  const hash = (what: string) =>
    createHash('sha256').update(`${what} ${secret}`).digest('hex').slice(0, 24);
  return {
    username: CANARY_USERS + hash('user'),
    password: secret,
    room: CANARY_ROOMS + hash('room'),
  };
}

export interface PasswordPorts {
  url: string;
  secret: string;
  accounts: Pick<AccountStore, 'create'>;
  hasher: Pick<PasswordHasher, 'hash'>;
  clock: Pick<Clock, 'now'>;
}

/**
 * By name and password, as people of the built-in accounts. The account is put into the table the
 * first time, past the registration, which may be closed.
 */
export function byPassword({ url, secret, accounts, hasher, clock }: PasswordPorts): WayIn {
  const api = new AccountApi(url, fetch);
  const { username, password } = identityOf(secret);
  let refresh: string | undefined;

  async function logIn(): Promise<string> {
    const tokens = await api.logIn(username, password, undefined);
    refresh = tokens.refresh;
    return tokens.access;
  }

  async function makeAccount(): Promise<'created' | 'taken'> {
    return await accounts.create({
      id: username,
      username,
      passwordHash: await hasher.hash(password),
      disabled: false,
      superuser: false,
      createdAt: clock.now(),
    });
  }

  return {
    async enter() {
      try {
        return await logIn();
      } catch (error) {
        if (!isUnknown(error)) throw error;
        // It is there and does not let in: somebody has disabled it.
        if ((await makeAccount()) === 'taken') throw error;
        return await logIn();
      }
    },
    async leave() {
      const ended = refresh;
      refresh = undefined;
      if (ended !== undefined) await api.logOut(ended);
    },
  };
}

const isUnknown = (error: unknown) =>
  error instanceof ParlorClientError && error.code === 'authentication_failed';

const TOKEN_SECONDS = 120;

/**
 * By a token that it signs itself, where there are no built-in accounts: the stage takes the canary
 * for an issuer of one user. Whether the other issuers let people log in is for them to watch.
 */
export function bySignature({ secret, clock }: Pick<PasswordPorts, 'secret' | 'clock'>): WayIn {
  return {
    async enter() {
      const now = Math.floor(clock.now() / 1_000);
      return await new SignJWT({ token_type: 'access', user_id: CANARY_USER })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(CANARY_ISSUER)
        .setIssuedAt(now)
        .setExpirationTime(now + TOKEN_SECONDS)
        .sign(new TextEncoder().encode(secret));
    },
    async leave() {},
  };
}
