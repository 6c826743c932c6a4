import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordHasher } from '../chat/ports/password.ts';
import {
  DJANGO_ITERATIONS,
  fitsDjangoHash,
  isDjangoHash,
  iterateForNothing,
  parseDjangoHash,
} from './django-passwords.ts';

/** scrypt's cost, as the base-2 logarithm of N, with r and p. */
export interface ScryptCost {
  ln: number;
  r: number;
  p: number;
}

/** OWASP's password storage cheat sheet: N = 2^17, r = 8, p = 1, which takes 128 MiB. */
const OWASP: ScryptCost = { ln: 17, r: 8, p: 1 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/**
 * Passwords hashed with scrypt, kept in the PHC string format:
 * `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, both base64 without padding. Django's hashes are accepted
 * too, and outdated.
 *
 * A password that fits is told at the price of its own hash. One that doesn't has cost as much as
 * both kinds together, whatever it was compared with: so the time doesn't tell who was imported,
 * nor who has an account at all.
 *
 * @param djangoIterations what a wrong password costs beside scrypt
 */
export function scryptHasher(
  cost: ScryptCost = OWASP,
  djangoIterations: number = DJANGO_ITERATIONS,
): PasswordHasher {
  // What an unknown user's password is compared with, at the same price.
  const nobody = { cost, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };

  async function fitsScrypt(password: string, stored: Hash): Promise<boolean> {
    return timingSafeEqual(await key(password, stored.salt, stored.cost), stored.key);
  }

  async function verifyDjango(password: string, hash: string): Promise<boolean> {
    const stored = parseDjangoHash(hash);
    if (!stored) throw new Error("A stored password hash is not in Django's format.");
    if (await fitsDjangoHash(password, stored)) return true;
    await iterateForNothing(password, djangoIterations - stored.iterations);
    await fitsScrypt(password, nobody);
    return false;
  }

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return format({ cost, salt, key: await key(password, salt, cost) });
    },
    async verify(password, hash) {
      if (hash !== undefined && isDjangoHash(hash)) return await verifyDjango(password, hash);
      const stored = hash === undefined ? nobody : parse(hash);
      if ((await fitsScrypt(password, stored)) && hash !== undefined) return true;
      await iterateForNothing(password, djangoIterations);
      return false;
    },
    isOutdated(hash) {
      if (isDjangoHash(hash)) return true;
      const { ln, r, p } = parse(hash).cost;
      return ln !== cost.ln || r !== cost.r || p !== cost.p;
    },
  };
}

/** More than anybody's parameters: they bound the memory and time that one login can take. */
const MOST: ScryptCost = { ln: 20, r: 16, p: 4 };

/** Whether a hash that comes from elsewhere is one that a password can be compared with here. */
export function isPasswordHash(hash: string): boolean {
  if (isDjangoHash(hash)) return parseDjangoHash(hash) !== undefined;
  if (!FORMAT.test(hash)) return false;
  const { cost, key } = parse(hash);
  const affordable = cost.ln <= MOST.ln && cost.r <= MOST.r && cost.p <= MOST.p;
  return affordable && cost.ln > 0 && cost.r > 0 && cost.p > 0 && key.length === KEY_BYTES;
}

/** A hash that no password fits, for an account whose owner may not log in with one. */
export function lockedHash(): string {
  return format({ cost: OWASP, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) });
}

interface Hash {
  cost: ScryptCost;
  salt: Buffer;
  key: Buffer;
}

function key(password: string, salt: Buffer, { ln, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** ln;
  // Node's own ceiling of 32 MiB is below what OWASP asks for.
  return derive(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r });
}

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

function format({ cost, salt, key }: Hash): string {
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${base64(salt)}$${base64(key)}`;
}

const FORMAT = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parse(hash: string): Hash {
  const [, ln, r, p, salt, stored] = FORMAT.exec(hash) ?? [];
  if (!salt || !stored) throw new Error('A stored password hash is not in the scrypt format.');
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(stored, 'base64'),
  };
}
