import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { ParlorError } from '../../protocol/errors.ts';
import type { Clock } from '../chat/ports/clock.ts';
import type { PublicKeys } from './issuer-settings.ts';
import { kept } from './kept.ts';
import { weaknessOf } from './weak-keys.ts';

const TIMEOUT_MS = 3_000;

/** Thousands of keys. What else may stand at the address must not fill the function's memory. */
const MOST_BYTES = 1_000_000;

/**
 * The public keys of an issuer, by the `kid` of a token's header and nothing else of it: keys and
 * addresses that a token brings itself are not looked at.
 *
 * A key that is not there may have come since the last reading: then it is read again, at most
 * once in COOLDOWN_MS. Keys that are known go on working while the issuer can't be reached; who
 * brings another is told to try again.
 *
 * A key that is too weak is passed over; a token that names it is refused, and the log says why.
 *
 * @throws ParlorError `issuer_unavailable`, `rate_limited`, `token_not_valid`; jose's errors where
 *   no key fits
 */
export function issuerKeys(
  issuer: string,
  { url }: Pick<PublicKeys, 'url'>,
  clock: Clock,
): JWTVerifyGetKey {
  const sets = kept(`the keys of ${issuer}`, () => readKeySet(issuer, url), clock);
  return async (header, token) => {
    const asked = clock.now();
    const { value: find, readAt } = await sets.current();
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || readAt >= asked) throw error;
    }
    const { value: findAmongNew } = await sets.renewed();
    return await findAmongNew(header, token);
  };
}

async function readKeySet(issuer: string, url: string): Promise<JWTVerifyGetKey> {
  const answer = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    // The operator named one address.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`${url} answered ${answer.status}.`);
  }
  // jose checks that it is one.
  const set = JSON.parse(await textOf(answer)) as JSONWebKeySet;
  const find = createLocalJWKSet(set);
  const weak = set.keys.flatMap((key) => {
    const weakness = weaknessOf(key);
    return weakness === undefined ? [] : [{ kid: key.kid, weakness }];
  });
  if (weak.length === 0) return find;
  const findStrong = createLocalJWKSet({ keys: set.keys.filter((key) => !weaknessOf(key)) });
  return async (header, token) => {
    const kid = header?.kid;
    // Without a kid, whichever fits does: a strong one, where there is one.
    const noOther = weak.length === set.keys.length;
    const named = weak.find((key) => (kid === undefined ? noOther : key.kid === kid));
    if (named) throw tooWeak(issuer, named);
    return await findStrong(header, token);
  };
}

const tooWeak = (issuer: string, { kid = '', weakness }: { kid?: string; weakness: string }) =>
  new ParlorError('token_not_valid', 'Token is signed by a key that is too weak', {
    cause: new Error(
      `The key "${kid}" of ${issuer} ${weakness}. Let the issuer sign with RSA of 2,048 bits or more and e = 65537, or with ES256, and show that key.`,
    ),
  });

/** Counted as it is unpacked, so that little that is sent can't become much. */
async function textOf({ body, url }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > MOST_BYTES) throw new Error(`${url} answered with more than ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
