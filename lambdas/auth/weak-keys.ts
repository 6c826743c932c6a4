import type { JWK } from 'jose';

/** RFC 7518, 3.3: "A key of size 2048 bits or larger MUST be used". jose looks when it verifies. */
const MODULUS_BITS = 2_048;

/** Whoever holds a key with e = 1 holds nothing: a signature is what it signs. jose takes it. */
const LEAST_EXPONENT = 3n;

/**
 * Why a public key must not be trusted; undefined where nothing speaks against it.
 *
 * @returns the end of a sentence that begins with the key
 */
export function weaknessOf({ kty, n, e }: JWK): string | undefined {
  if (kty !== 'RSA') return undefined;
  const [modulus, exponent] = [numberOf(n), numberOf(e)];
  const bits = modulus === 0n ? 0 : modulus.toString(2).length;
  if (bits < MODULUS_BITS) return `has ${bits} bits`;
  if (exponent < LEAST_EXPONENT) return `has the exponent ${exponent}`;
  return undefined;
}

/** What is missing or no number counts as 0. */
function numberOf(text: unknown): bigint {
  if (typeof text !== 'string') return 0n;
  return BigInt(`0x0${Buffer.from(text, 'base64url').toString('hex')}`);
}
