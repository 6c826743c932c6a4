import { createHmac } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { ParlorError } from '../../protocol/errors.ts';
import { ACCESS_TOKEN_LIFETIME, REFRESH_TOKEN_LIFETIME } from '../../protocol/limits.ts';
import type { Clock, Random } from '../chat/ports/clock.ts';

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
   *   wrong type"
   */
  verify(token: string, type?: TokenType): Promise<Claims>;
  /** A token by which a device is recognized for DEVICE_TOKEN_DAYS. It is good for nothing else. */
  device(device: Device): Promise<string>;
  /** @returns undefined for what is none, or none any more */
  recognize(token: string): Promise<Device | undefined>;
  /**
   * A hash of a text by which two are told to be the same, and which nobody can look up who has no
   * secret: 16 hexadecimal digits.
   */
  fingerprint(text: string): Promise<string>;
}

/** RFC 7518, 3.2: an HS256 key is at least as long as the hash. jose would take 6 bytes. */
const SECRET_BYTES = 32;
const ALGORITHM = 'HS256';

/** As long as browsers keep a cookie at most. Each login begins it anew. */
const DEVICE_TOKEN_DAYS = 400;
const DAY_SECONDS = 24 * 60 * 60;

/** Seconds by which two clocks may differ. */
export const CLOCK_SKEW = 60;

/** jose forgives a space, a line break and `=` in a token; nothing else writes such tokens. */
export const TOKEN_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** How long tokens are good for, in seconds. One that says more for itself is not valid. */
export type TokenLifetimes = Readonly<Record<TokenType, number>>;

/** Those of the chat that Parlor replaces. */
export const TOKEN_LIFETIMES: TokenLifetimes = {
  access: ACCESS_TOKEN_LIFETIME,
  refresh: REFRESH_TOKEN_LIFETIME,
};

export interface TokenPorts {
  clock: Clock;
  random: Random;
  /** TOKEN_LIFETIMES unless told. */
  tokenLifetimes?: TokenLifetimes;
}

/** @throws Error when the secret is shorter than 32 bytes */
export function hmacTokens(
  secret: Uint8Array,
  { clock, random, tokenLifetimes: lifetimes = TOKEN_LIFETIMES }: TokenPorts,
): Tokens {
  requireSecretLength(secret, 'The token secret');

  function sign(
    type: TokenType,
    jti: string,
    claims: Record<string, string>,
    at = clock.now(),
  ): Promise<string> {
    const issuedAt = Math.floor(at / 1_000);
    return new SignJWT({ token_type: type, ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimes[type])
      .setJti(jti)
      .sign(secret);
  }

  const fingerprintKey = createHmac('sha256', secret).update('fingerprints').digest();

  return {
    async device({ userId, id, epoch }) {
      const issuedAt = Math.floor(clock.now() / 1_000);
      return await new SignJWT({ token_type: 'device', user_id: userId, epoch })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + DEVICE_TOKEN_DAYS * DAY_SECONDS)
        .setJti(id)
        .sign(secret);
    },
    async recognize(token) {
      if (!TOKEN_SHAPE.test(token)) return undefined;
      const verified = await jwtVerify(token, secret, {
        algorithms: [ALGORITHM],
        requiredClaims: ['exp'],
        currentDate: new Date(clock.now()),
        // Of another secret, or too old: its device is unknown, as most are.
      }).catch(() => undefined);
      const { token_type: type, user_id: userId, jti: id, epoch } = verified?.payload ?? {};
      const known = type === 'device' && isText(userId) && isText(id) && typeof epoch === 'number';
      return known ? { userId, id, epoch } : undefined;
    },
    async fingerprint(text) {
      return createHmac('sha256', fingerprintKey).update(text).digest('hex').slice(0, 16);
    },
    access: (userId, sid) =>
      sign('access', random.id(), { user_id: userId, ...(sid !== undefined && { sid }) }),
    refresh: (userId, sid, jti, at) => sign('refresh', jti, { user_id: userId, sid }, at),
    async verify(token, type) {
      if (!TOKEN_SHAPE.test(token)) throw refused('Token is invalid');
      const now = clock.now();
      const { payload } = await jwtVerify(token, secret, {
        algorithms: [ALGORITHM],
        requiredClaims: ['exp', 'iat', 'jti', 'token_type', 'user_id'],
        currentDate: new Date(now),
      }).catch((error: unknown) => {
        throw refused(error instanceof errors.JWTExpired ? 'Token is expired' : 'Token is invalid');
      });
      const claims = parseClaims(payload, now, lifetimes);
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

const refused = (sentence: string) => new ParlorError('token_not_valid', sentence);

/**
 * @param name begins the error's sentence
 * @throws Error when a secret is so short that it could be guessed
 */
export function requireSecretLength(secret: Uint8Array, name: string): Uint8Array {
  if (secret.byteLength >= SECRET_BYTES) return secret;
  throw new Error(`${name} must have at least ${SECRET_BYTES} bytes.`);
}
