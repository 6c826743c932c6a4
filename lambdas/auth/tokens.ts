import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { ParlorError } from '../../protocol/errors.ts';
import { ACCESS_TOKEN_LIFETIME, REFRESH_TOKEN_LIFETIME } from '../../protocol/limits.ts';
import type { Clock, Random } from '../chat/ports/clock.ts';
import { ALGORITHM, refused, signedPayload } from './signed-payload.ts';
import type { TokenKeys } from './token-keys.ts';

export type TokenType = 'access' | 'refresh';

/** What a token says, once its signature, type and age have been checked. */
export interface Claims {
  type: TokenType;
  /** The account's id. */
  userId: string;
  jti: string;
  /** The login that it came from. */
  sessionId: string | undefined;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** A device that has logged in to an account. */
export interface Device {
  /** The account's id. */
  userId: string;
  id: string;
  /** The epoch of the account's logins at that time. */
  epoch: number;
}

/** Signs and checks JSON Web Tokens with the claims of the chat that Parlor replaces. */
export interface Tokens {
  /** @param sessionId the token ends with that session; without one, only by its age */
  access(userId: string, sessionId?: string): Promise<string>;
  /**
   * @param issuedAt milliseconds since 1970. Default: now. The same four give the same token.
   */
  refresh(userId: string, sessionId: string, jti: string, issuedAt?: number): Promise<string>;
  /**
   * @param type the type that is wanted; without one either will do
   * @throws ParlorError `token_not_valid`: "Token is invalid", "Token is expired" or "Token has
   *   wrong type"; `rate_limited`: it names a key that is not known, and the keys were looked at a
   *   moment ago
   */
  verify(token: string, type?: TokenType): Promise<Claims>;
  /** A token by which a device is recognized for DEVICE_TOKEN_DAYS. It is good for nothing else. */
  device(device: Device): Promise<string>;
  /** @returns undefined for what is none, or none any more */
  recognize(token: string): Promise<Device | undefined>;
  /**
   * A hash of a text by which two are told to be the same, and which nobody can look up who has no
   * secret: 16 hexadecimal digits. Another key that signs gives another hash.
   */
  fingerprint(text: string): Promise<string>;
}

/** As long as browsers keep a cookie at most. Each login begins it anew. */
export const DEVICE_TOKEN_DAYS = 400;
const DEVICE_LIFETIME = DEVICE_TOKEN_DAYS * 24 * 60 * 60;

/** Seconds by which two clocks may differ. */
export const CLOCK_SKEW = 60;

/** How long tokens are good for, in seconds. One that says more for itself is not valid. */
export type TokenLifetimes = Readonly<Record<TokenType, number>>;

/** Those of the chat that Parlor replaces. */
export const TOKEN_LIFETIMES: TokenLifetimes = {
  access: ACCESS_TOKEN_LIFETIME,
  refresh: REFRESH_TOKEN_LIFETIME,
};

interface Subject {
  user_id: string;
  sid?: string;
}

export interface TokenPorts {
  clock: Clock;
  random: Random;
  /** Default: TOKEN_LIFETIMES. */
  tokenLifetimes?: TokenLifetimes;
}

/**
 * Tokens name the key that signed them (`kid`). One that names none, or one that is no version's id,
 * is taken by whichever key fits: those of before there was a `kid` name none, nor do those of another
 * backend that signs with the same secret.
 *
 * What is signed and what is checked is refused with an Error while the secret can't be read or has
 * fewer than 32 bytes.
 */
export function hmacTokens(
  keys: TokenKeys,
  { clock, random, tokenLifetimes: lifetimes = TOKEN_LIFETIMES }: TokenPorts,
): Tokens {
  async function sign(
    claims: Subject & { token_type: string; epoch?: number },
    { jti, at = clock.now(), lifetime }: { jti: string; at?: number | undefined; lifetime: number },
  ): Promise<string> {
    const { id, secret } = await keys.signing();
    const issuedAt = Math.floor(at / 1_000);
    return await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: id })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetime)
      .setJti(jti)
      .sign(secret);
  }

  const signToken = (type: TokenType, jti: string, claims: Subject, at?: number) =>
    sign({ token_type: type, ...claims }, { jti, at, lifetime: lifetimes[type] });

  return {
    device: ({ userId, id, epoch }) =>
      sign(
        { token_type: 'device', user_id: userId, epoch },
        { jti: id, lifetime: DEVICE_LIFETIME },
      ),
    async recognize(token) {
      // Of another secret, or too old: its device is unknown, as most are.
      const payload = await signedPayload(keys, clock, token, ['exp', 'iat']).catch(unlessFault);
      const { token_type: type, user_id: userId, jti: id, epoch, exp = 0, iat = 0 } = payload ?? {};
      const known = type === 'device' && isText(userId) && isText(id) && typeof epoch === 'number';
      return known && exp - iat <= DEVICE_LIFETIME ? { userId, id, epoch } : undefined;
    },
    async fingerprint(text) {
      const { secret } = await keys.signing();
      const key = createHmac('sha256', secret).update('fingerprints').digest();
      return createHmac('sha256', key).update(text).digest('hex').slice(0, 16);
    },
    access: (userId, sid) =>
      signToken('access', random.id(), { user_id: userId, ...(sid !== undefined && { sid }) }),
    refresh: (userId, sid, jti, at) => signToken('refresh', jti, { user_id: userId, sid }, at),
    async verify(token, type) {
      const now = clock.now();
      const wanted = ['exp', 'iat', 'jti', 'token_type', 'user_id'];
      const claims = parseClaims(await signedPayload(keys, clock, token, wanted), now, lifetimes);
      if (type && claims.type !== type) throw refused('Token has wrong type');
      return claims;
    },
  };
}

/** jose has checked the signature and that `exp` has not passed; the rest is checked here. */
function parseClaims(
  payload: Record<string, unknown>,
  now: number,
  lifetimes: TokenLifetimes,
): Claims {
  const { token_type: type, user_id: userId, jti, sid, exp, iat } = payload;
  const known =
    (type === 'access' || type === 'refresh') &&
    isText(userId) &&
    isText(jti) &&
    (sid === undefined || isText(sid)) &&
    typeof exp === 'number' &&
    typeof iat === 'number';
  if (!known) throw refused('Token is invalid');

  const fromTheFuture = iat > now / 1_000 + CLOCK_SKEW;
  const livesTooLong = !(exp - iat <= lifetimes[type]);
  if (fromTheFuture || livesTooLong) throw refused('Token is invalid');
  return { type, userId, jti, sessionId: sid, expiresAt: exp * 1_000 };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** What was said about the token is nothing to its caller; that the secret can't be read is. */
function unlessFault(error: unknown): undefined {
  if (!(error instanceof ParlorError)) throw error;
}
