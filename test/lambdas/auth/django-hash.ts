import { pbkdf2Sync } from 'node:crypto';

/** As Django keeps a password. */
export function djangoHash(password: string, iterations = 50, salt = 'salt'): string {
  const key = pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('base64');
  return `pbkdf2_sha256$${iterations}$${salt}$${key}`;
}
