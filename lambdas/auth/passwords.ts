import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordHasher } from '../chat/ports/password.ts';

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
 * `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`, both base64 without padding.
 */
export function scryptHasher(cost: ScryptCost = OWASP): PasswordHasher {
  // What an unknown user's password is compared with, at the same price.
  const nobody = { cost, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      return format({ cost, salt, key: await key(password, salt, cost) });
    },
    async verify(password, hash) {
      const stored = hash === undefined ? nobody : parse(hash);
      const given = await key(password, stored.salt, stored.cost);
      return timingSafeEqual(given, stored.key) && hash !== undefined;
    },
    isOutdated(hash) {
      const { ln, r, p } = parse(hash).cost;
      return ln !== cost.ln || r !== cost.r || p !== cost.p;
    },
  };
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
