import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { ParlorError } from '../../protocol/errors.ts';
import type { Clock } from '../chat/ports/clock.ts';
import type { TokenKey, TokenKeys } from './token-keys.ts';

/** jose forgives a space, a line break and `=` in a token; nothing else writes such tokens. */
export const TOKEN_SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export const ALGORITHM = 'HS256';

export const refused = (sentence: string) => new ParlorError('token_not_valid', sentence);

/**
 * What one of the keys has signed and is not over.
 *
 * @param requiredClaims `iat` among them
 * @throws ParlorError `token_not_valid`, `rate_limited`; a fault of the secret's store
 */
export async function signedPayload(
  keys: TokenKeys,
  clock: Clock,
  token: string,
  requiredClaims: string[],
): Promise<JWTPayload> {
  if (!TOKEN_SHAPE.test(token)) throw refused('Token is invalid');
  const now = clock.now();
  const options = { algorithms: [ALGORITHM], requiredClaims, currentDate: new Date(now) };
  const { kid, iat, exp } = unchecked(token);
  for await (const key of keys.candidates(kid)) {
    const payload = await payloadBy(key, token, options);
    if (payload) return payload;
  }
  // A token that is over by its own words is not worth a look at the secret.
  const isOver = typeof exp !== 'number' || exp * 1_000 <= now;
  if (kid === undefined || iat === undefined || isOver) throw refused('Token is invalid');
  // `iat` is the beginning of the second.
  const key = await keys.newer(kid, Math.min(iat * 1_000 + 999, now));
  const payload = key && (await payloadBy(key, token, options));
  if (payload) return payload;
  throw refused('Token is invalid');
}

/** @returns undefined where another key has signed the token */
async function payloadBy(
  { secret, signedUntil }: TokenKey,
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, secret, options);
    const { iat } = payload;
    if (signedUntil === Number.POSITIVE_INFINITY) return payload;
    if (typeof iat === 'number' && iat * 1_000 <= signedUntil) return payload;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    throw refused(error instanceof errors.JWTExpired ? 'Token is expired' : 'Token is invalid');
  }
  // Whoever holds a key that no longer signs can't make tokens with it.
  throw refused('Token is invalid');
}

/** What a token says of its key and its times, for choosing keys only. */
function unchecked(token: string): { kid?: string; iat?: number; exp?: number } {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { iat, exp } = decodeJwt(token);
    return {
      ...(typeof kid === 'string' && { kid }),
      ...(typeof iat === 'number' && { iat }),
      ...(typeof exp === 'number' && { exp }),
    };
  } catch {
    // It can't be read, so no key fits it: told as for any other.
    return {};
  }
}
