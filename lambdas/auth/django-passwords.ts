import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Passwords as Django keeps them by default: `pbkdf2_sha256$<iterations>$<salt>$<hash>`. They come
 * with imported accounts and go at the owner's first login, when the password is hashed anew.
 */
export interface DjangoHash {
  iterations: number;
  salt: string;
  key: Buffer;
}

/**
 * More iterations are not accepted: they bound what checking one password can cost. Django 6.1
 * makes 1,500,000; every release before made fewer.
 */
export const DJANGO_ITERATIONS = 1_500_000;

const PREFIX = 'pbkdf2_sha256$';
const FORMAT = /^pbkdf2_sha256\$([1-9]\d{0,6})\$([^$]{1,128})\$([A-Za-z0-9+/]{43}=)$/;
const KEY_BYTES = 32;

const derive = promisify(pbkdf2);

/** Whether a stored hash says that it is of this kind. It may be malformed nevertheless. */
export const isDjangoHash = (hash: string): boolean => hash.startsWith(PREFIX);

/** The parts of a stored hash, undefined where it is none that `djangoKey` may be asked about. */
export function parseDjangoHash(hash: string): DjangoHash | undefined {
  const [, iterations, salt, key] = FORMAT.exec(hash) ?? [];
  if (!salt || !key || Number(iterations) > DJANGO_ITERATIONS) return undefined;
  return { iterations: Number(iterations), salt, key: Buffer.from(key, 'base64') };
}

/** Whether a password fits. Django takes its bytes as they came: no Unicode form is made of them. */
export async function fitsDjangoHash(password: string, hash: DjangoHash): Promise<boolean> {
  const given = await derive(password, hash.salt, hash.iterations, KEY_BYTES, 'sha256');
  return timingSafeEqual(given, hash.key);
}

/** The work of so many iterations, for nothing but the time that it takes. */
export async function iterateForNothing(password: string, iterations: number): Promise<void> {
  if (iterations > 0) await derive(password, 'salt', iterations, KEY_BYTES, 'sha256');
}
