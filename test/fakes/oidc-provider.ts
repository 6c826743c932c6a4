import { gzipSync } from 'node:zlib';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type Loopback, openLoopback } from '../lambdas/aws/loopback.ts';

type Algorithm = 'RS256' | 'ES256' | 'EdDSA';

interface SigningKey {
  alg: Algorithm;
  kid: string;
  private: CryptoKey;
  public: JWK;
}

/** An OpenID provider on this machine: it has keys, shows them, and signs what it is told. */
export interface OidcProvider {
  /** http://127.0.0.1:NNNNN */
  url: string;
  /** How often its keys were asked for. */
  readonly asked: number;
  /** The newest key. */
  readonly key: SigningKey;
  /** Default: `keys`. Else 500 without them, nothing at all, or, as a flood, megabytes of blanks. */
  answers: 'keys' | 'fault' | 'nothing' | 'nonsense' | 'elsewhere' | 'flood';
  /** Signs with another key from now on, and shows it instead of the old one, or beside it. */
  rotate(shown?: 'alone' | 'beside'): Promise<void>;
  /** @param header what stands in it beside or instead of alg and kid */
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** A few KB, as they are sent. */
const BLANKS = gzipSync(Buffer.alloc(10_000_000, ' '));

export async function openOidcProvider(alg: Algorithm = 'RS256'): Promise<OidcProvider> {
  let key = await signingKey(alg, 'key-1');
  let shown = [key];
  const server: Loopback = await openLoopback((_, response) => {
    if (provider.answers === 'nothing') return;
    if (provider.answers === 'fault') response.writeHead(500);
    if (provider.answers === 'elsewhere') response.writeHead(302, { location: server.url });
    if (provider.answers === 'flood') {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(BLANKS);
      return;
    }
    const keys = shown.map((each) => each.public);
    response.end(provider.answers === 'nonsense' ? '<html>' : JSON.stringify({ keys }));
  });
  const provider: OidcProvider = {
    url: server.url,
    answers: 'keys',
    get asked() {
      return server.received.length;
    },
    get key() {
      return key;
    },
    async rotate(how = 'alone') {
      key = await signingKey(alg, `key-${shown.length + 1}-${server.received.length}`);
      shown = how === 'alone' ? [key] : [...shown, key];
    },
    sign: (claims, header = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg, kid: key.kid, typ: 'JWT', ...header })
        .sign(key.private),
    close: () => server.close(),
  };
  return provider;
}

async function signingKey(alg: Algorithm, kid: string): Promise<SigningKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' };
  return { alg, kid, private: pair.privateKey, public: jwk };
}
