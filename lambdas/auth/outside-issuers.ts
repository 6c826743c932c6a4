import { decodeJwt } from 'jose';
import type { Clock } from '../chat/ports/clock.ts';
import { issuerKeys } from './issuer-keys.ts';
import type { IssuerSettings, OutsideIssuer, SecretSource } from './issuer-settings.ts';
import { kept } from './kept.ts';
import { expired, invalid, type Outsider, readOutsideToken } from './outside-token.ts';
import { requireSecretLength } from './secret-length.ts';
import { TOKEN_SHAPE } from './signed-payload.ts';
import type { Claims } from './tokens.ts';

export interface OutsidePorts {
  clock: Clock;
  /** The bytes of a secret. */
  readSecret(from: SecretSource): Promise<Uint8Array>;
}

/** Checks a token; undefined where somebody else has signed it. */
type Verifier = (token: string) => Promise<Outsider | undefined>;

/** The issuers beside the built-in accounts. */
export interface OutsideIssuers {
  /**
   * Whom a token speaks for. Its issuer is looked up by its `iss`, as yet unchecked, among
   * those that the operator named.
   *
   * @param ours checks a token of the built-in accounts, where there are any
   * @throws ParlorError `token_not_valid`, `issuer_unavailable`, `rate_limited`
   */
  read(token: string, ours?: (token: string) => Promise<Claims>): Promise<Claims | Outsider>;
}

export function outsideIssuers(
  issuers: IssuerSettings['outside'],
  ports: OutsidePorts,
): OutsideIssuers {
  const verifiers = new Map(issuers.map((issuer) => [issuer.iss, verifierOf(issuer, ports)]));
  return {
    async read(token, ours) {
      const { iss, exp } = peek(token);
      const verify: Verifier = verifiers.get(iss) ?? (async () => undefined);
      if (iss === undefined && ours) {
        return await ours(token).catch(async (refusal: unknown) => {
          // Not ours, but a token without `iss` may yet be another's: the signature tells.
          const outsider = await verify(token);
          if (outsider) return outsider;
          throw refusal;
        });
      }
      // Good for nothing, whoever signed it; so a key that has long gone is not asked for.
      if (typeof exp === 'number' && exp * 1_000 <= ports.clock.now()) throw expired();
      const outsider = await verify(token);
      if (!outsider) throw invalid();
      return outsider;
    },
  };
}

function verifierOf(issuer: OutsideIssuer, { clock, readSecret }: OutsidePorts): Verifier {
  const { key, name } = issuer;
  if (key.kind === 'jwks') {
    const keys = issuerKeys(name, key, clock);
    return (token) => readOutsideToken(issuer, keys, token, clock);
  }
  const secrets = kept(
    `the secret of ${name}`,
    async () => requireSecretLength(await readSecret(key.from), `The secret of ${name}`),
    clock,
  );
  return async (token) => {
    const { value: secret } = await secrets.current();
    return await readOutsideToken(issuer, secret, token, clock);
  };
}

function peek(token: string): { iss?: string; exp?: unknown } {
  if (!TOKEN_SHAPE.test(token)) throw invalid();
  try {
    const { iss, exp } = decodeJwt(token);
    if (iss === undefined || typeof iss === 'string') return { iss, exp };
  } catch {
    // Told below, like every other token that can't be read.
  }
  throw invalid();
}
