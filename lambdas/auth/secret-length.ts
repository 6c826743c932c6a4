/** RFC 7518, 3.2: an HS256 key is at least as long as the hash. jose would take 6 bytes. */
const SECRET_BYTES = 32;

/**
 * @param name begins the error's sentence
 * @throws Error when a secret is so short that it could be guessed
 */
export function requireSecretLength(secret: Uint8Array, name: string): Uint8Array {
  if (secret.byteLength >= SECRET_BYTES) return secret;
  throw new Error(`${name} must have at least ${SECRET_BYTES} bytes.`);
}
