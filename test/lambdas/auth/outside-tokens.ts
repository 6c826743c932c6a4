import { SignJWT } from 'jose';
import type { OutsideIssuers } from '../../../lambdas/auth/outside-issuers.ts';
import { outsideIssuers } from '../../../lambdas/auth/outside-issuers.ts';
import { parseIssuers } from '../../../lambdas/auth/parse-issuers.ts';
import type { FakeClock } from '../../fakes/fake-clock.ts';
import { OUTSIDE_SECRET } from '../../fakes/services.ts';

/** The issuers of these settings, reading every shared secret as OUTSIDE_SECRET. */
export function issuersOf(settings: object, clock: FakeClock): OutsideIssuers {
  const { outside } = parseIssuers(settings, 'PARLOR_ISSUERS', 'local');
  return outsideIssuers(outside, { clock, readSecret: async () => OUTSIDE_SECRET });
}

/** `iat` of now, and `exp` in five minutes. */
export function times(clock: FakeClock): { iat: number; exp: number } {
  const iat = Math.floor(clock.now() / 1_000);
  return { iat, exp: iat + 300 };
}

/** As simplejwt signs, with Django's own secret. */
export function djangoToken(
  clock: FakeClock,
  claims: Record<string, unknown>,
  secret = OUTSIDE_SECRET,
): Promise<string> {
  return new SignJWT({ token_type: 'access', jti: 'c0ffee', ...times(clock), ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(secret);
}
