import { scryptHasher } from '../../lambdas/auth/passwords.ts';
import type { PasswordHasher } from '../../lambdas/chat/ports/password.ts';

/** scrypt at a price that tests can pay: as deployed, a login costs half a second of CPU. */
export const CHEAP_SCRYPT = { ln: 4, r: 8, p: 1 };

/** The same for what a wrong password costs beside it. */
export const CHEAP_DJANGO_ITERATIONS = 10;

export const cheapHasher = (): PasswordHasher =>
  scryptHasher(CHEAP_SCRYPT, CHEAP_DJANGO_ITERATIONS);
