import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { ParlorError } from '../../protocol/errors.ts';
import type { Clock } from '../chat/ports/clock.ts';
import type { ClaimPath, OutsideIssuer } from './issuer-settings.ts';
import { shownName } from './shown-name.ts';
import { CLOCK_SKEW } from './tokens.ts';

/** Whom another issuer's token speaks for. */
export interface Outsider {
  userId: string;
  /** As everybody sees it. */
  username: string;
  /** Undefined where nobody said by which claim its tokens tell. */
  superuser: boolean | undefined;
  /** Whether also old clients are bound to the token's expiry. */
  strictExpiry: boolean;
  /** When the token expires, in milliseconds since 1970. */
  expiresAt: number;
}

/** OpenID Connect's bound; a user's id is part of keys. */
const ID_BYTES = 255;

/** What a key is: asked of the issuer for each token, or one that both know. */
export type IssuerKey = JWTVerifyGetKey | Uint8Array;

/**
 * Checks a token of an issuer.
 *
 * @returns undefined where somebody else has signed it
 * @throws ParlorError `token_not_valid`, `issuer_unavailable`, `rate_limited`
 */
export async function readOutsideToken(
  issuer: OutsideIssuer,
  key: IssuerKey,
  token: string,
  clock: Clock,
): Promise<Outsider | undefined> {
  const now = clock.now();
  try {
    const options = {
      algorithms: issuer.key.kind === 'jwks' ? [...issuer.key.algorithms] : ['HS256'],
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(now),
      clockTolerance: CLOCK_SKEW,
      ...(issuer.iss !== undefined && { issuer: issuer.iss }),
      ...(issuer.audience && { audience: [...issuer.audience] }),
    };
    // jose has two signatures for what is one function.
    const { payload } =
      typeof key === 'function'
        ? await jwtVerify(token, key, options)
        : await jwtVerify(token, key, options);
    return outsiderOf(issuer, payload, now);
  } catch (error) {
    if (error instanceof ParlorError) throw error;
    if (error instanceof errors.JWSSignatureVerificationFailed) return undefined;
    throw error instanceof errors.JWTExpired ? expired() : invalid();
  }
}

/** jose has checked the signature, `iss`, `aud` and `nbf`; the rest is checked here. */
function outsiderOf(issuer: OutsideIssuer, claims: JWTPayload, now: number): Outsider {
  const { exp = 0, iat = Number.POSITIVE_INFINITY } = claims;
  // A skew is forgiven where a token begins. One that is forgiven at its end would be good no more
  // to what goes by `expiresAt`.
  if (exp * 1_000 <= now) throw expired();
  const fromTheFuture = iat > now / 1_000 + CLOCK_SKEW;
  const livesTooLong = !(exp - iat <= issuer.maxLifetime);
  const forOthers = issuer.audience === undefined && claims.aud !== undefined;
  const ofAnotherKind = Object.entries(issuer.require).some(([claim, values]) => {
    const value = claimAt(claims, [claim]);
    return typeof value !== 'string' || !values.includes(value);
  });
  if (livesTooLong) throw invalid(tooLong(issuer, exp - iat));
  if (fromTheFuture || forOthers || ofAnotherKind) throw invalid();

  const id = idIn(claims, issuer.id);
  const userId = `${issuer.name}:${id}`;
  return {
    userId,
    username: issuer.displayName
      ? shownName(textAt(claims, issuer.displayName), userId, issuer)
      : // An id is one person's, whatever the issuer says of names.
        shownName(id, userId, { ...issuer, uniqueNames: true }),
    superuser: issuer.superusers && isSuperuser(claims, issuer.superusers),
    strictExpiry: issuer.strictExpiry,
    expiresAt: exp * 1_000,
  };
}

/** A text, or a number as Django writes them. Control characters and halves of others are none. */
function idIn(claims: JWTPayload, path: ClaimPath): string {
  const value = claimAt(claims, path);
  const id = Number.isSafeInteger(value) ? String(value) : value;
  const fits = typeof id === 'string' && /^\P{C}+$/u.test(id) && Buffer.byteLength(id) <= ID_BYTES;
  if (!fits) throw invalid();
  return id;
}

function isSuperuser(
  claims: JWTPayload,
  superusers: NonNullable<OutsideIssuer['superusers']>,
): boolean {
  const value = claimAt(claims, superusers.claim);
  return value === superusers.value || (Array.isArray(value) && value.includes(superusers.value));
}

/** A number, like the `user_id` of a stock simplejwt, is shown as it is. */
function textAt(claims: JWTPayload, path: ClaimPath): string | undefined {
  const value = claimAt(claims, path);
  if (Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** What every object has beside its own is a function or an object: none of it passes for a claim. */
function claimAt(claims: JWTPayload, path: ClaimPath): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as JWTPayload)[name] : undefined,
    claims,
  );
}

/** For the operator: to whoever brings the token it is as invalid as any. */
const tooLong = ({ name, maxLifetime }: OutsideIssuer, seconds: number) =>
  new Error(
    `A token of ${name} is good for ${seconds} seconds; maxLifetime is ${maxLifetime}. Let the issuer make shorter ones, or raise maxLifetime.`,
  );

export const invalid = (cause?: Error) =>
  new ParlorError('token_not_valid', 'Token is invalid', cause && { cause });
export const expired = () => new ParlorError('token_not_valid', 'Token is expired');
