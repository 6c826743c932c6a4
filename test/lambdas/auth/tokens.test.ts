import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { tokenKeys } from '../../../lambdas/auth/token-keys.ts';
import { hmacTokens, type TokenType } from '../../../lambdas/auth/tokens.ts';
import { fakeClock, START } from '../../fakes/fake-clock.ts';
import { fakeRandom } from '../../fakes/fake-random.ts';
import { memoryTokenSecret } from '../../fakes/memory-token-secret.ts';
import { TOKEN_SECRET } from '../../fakes/services.ts';

const NOW = Math.floor(START / 1_000);

function atHand() {
  const clock = fakeClock();
  const keys = tokenKeys(memoryTokenSecret(TOKEN_SECRET).store, clock);
  return { clock, tokens: hmacTokens(keys, { clock, random: fakeRandom() }) };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());

const CLAIMS = { token_type: 'access', exp: NOW + 300, iat: NOW, jti: 'j', user_id: 'alice' };
const HEADER = { alg: 'HS256', typ: 'JWT' };

/** A token with any claims, header and key: what an attacker, or another server, could make. */
function forge(
  claims: object,
  header: Record<string, unknown> = HEADER,
  secret: Uint8Array | string = TOKEN_SECRET,
) {
  const signed = `${encode(header)}.${encode(claims)}`;
  const hash = /^HS(384|512)$/.test(String(header.alg))
    ? `sha${String(header.alg).slice(2)}`
    : 'sha256';
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

/** How a token is refused, or the user whom it was taken for. */
async function judge(token: string, type: TokenType | undefined = 'access', now?: number) {
  const { clock, tokens } = atHand();
  if (now !== undefined) clock.set(now);
  return await tokens.verify(token, type).then(
    ({ userId }) => userId,
    (error) => {
      expect(error).toMatchObject({ code: 'token_not_valid' });
      return error.message;
    },
  );
}

describe('a token', () => {
  test('has the claims of the old chat', async () => {
    const { tokens } = atHand();
    const [header, payload] = (await tokens.access('alice')).split('.');
    expect(decode(header)).toEqual({ ...HEADER, kid: 'version-1' });
    expect(decode(payload)).toEqual({
      token_type: 'access',
      user_id: 'alice',
      iat: NOW,
      exp: NOW + 300,
      jti: 'id-1',
    });
    const [, refresh] = (await tokens.refresh('alice', 's', 'j')).split('.');
    expect(decode(refresh)).toEqual({
      token_type: 'refresh',
      user_id: 'alice',
      sid: 's',
      iat: NOW,
      exp: NOW + 86_400,
      jti: 'j',
    });
  });

  test('for refreshing is the same again for the same login, id and instant', async () => {
    const { tokens, clock } = atHand();
    const first = await tokens.refresh('alice', 's', 'j');
    clock.advance(60_000);
    expect(await tokens.refresh('alice', 's', 'j', START)).toBe(first);
    expect(await tokens.refresh('alice', 's', 'j')).not.toBe(first);
  });

  test('says the same when it is read', async () => {
    const { tokens } = atHand();
    expect(await tokens.verify(await tokens.access('ålice'), 'access')).toEqual({
      type: 'access',
      userId: 'ålice',
      jti: 'id-1',
      sessionId: undefined,
      expiresAt: (NOW + 300) * 1_000,
    });
    expect(await tokens.verify(await tokens.refresh('alice', 's', 'j'))).toEqual({
      type: 'refresh',
      userId: 'alice',
      jti: 'j',
      sessionId: 's',
      expiresAt: (NOW + 86_400) * 1_000,
    });
  });

  test('is good for what it was made for only', async () => {
    const { tokens } = atHand();
    const [access, refresh] = [
      await tokens.access('alice'),
      await tokens.refresh('alice', 's', 'j'),
    ];
    expect(await judge(access, 'access')).toBe('alice');
    expect(await judge(refresh, 'refresh')).toBe('alice');
    expect(await judge(refresh, 'access')).toBe('Token has wrong type');
    expect(await judge(access, 'refresh')).toBe('Token has wrong type');
  });

  test('ends at the exact second', async () => {
    const token = forge(CLAIMS);
    const end = CLAIMS.exp * 1_000;
    expect(await judge(token, 'access', end - 1)).toBe('alice');
    expect(await judge(token, 'access', end)).toBe('Token is expired');
    expect(await judge(token, 'access', end + 1)).toBe('Token is expired');
  });
});

describe('a forged token is refused', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  function signedWithRsa(header: object): string {
    const signed = `${encode(header)}.${encode(CLAIMS)}`;
    return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
  }

  test('the forger of these tests can make a good one', async () => {
    expect(await judge(forge(CLAIMS))).toBe('alice');
  });

  test.each(['none', 'None', 'NONE', 'HS384', 'HS512', 'RS256', '', null, undefined, ['HS256']])(
    'with the algorithm %j',
    async (alg) => {
      expect(await judge(forge(CLAIMS, { ...HEADER, alg }))).toBe('Token is invalid');
    },
  );

  test('without a signature', async () => {
    const unsigned = `${encode({ alg: 'none', typ: 'JWT' })}.${encode(CLAIMS)}`;
    expect(await judge(`${unsigned}.`)).toBe('Token is invalid');
    expect(await judge(unsigned)).toBe('Token is invalid');
    expect(await judge(`${encode(HEADER)}.${encode(CLAIMS)}.`)).toBe('Token is invalid');
  });

  test('when a public key is passed off as the secret, or a private one signs', async () => {
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    expect(await judge(forge(CLAIMS, HEADER, pem))).toBe('Token is invalid');
    expect(await judge(signedWithRsa({ alg: 'RS256', typ: 'JWT' }))).toBe('Token is invalid');
    expect(await judge(signedWithRsa(HEADER))).toBe('Token is invalid');
  });

  test('when it brings its own key along', async () => {
    const jwk = publicKey.export({ format: 'jwk' });
    expect(await judge(signedWithRsa({ alg: 'RS256', jwk }))).toBe('Token is invalid');
    const own = Buffer.alloc(32, 7);
    const octets = { kty: 'oct', k: own.toString('base64url') };
    expect(await judge(forge(CLAIMS, { ...HEADER, jwk: octets }, own))).toBe('Token is invalid');
    for (const place of ['jku', 'x5u', 'kid']) {
      const header = { ...HEADER, [place]: 'https://evil.example/key' };
      expect(await judge(forge(CLAIMS, header, own))).toBe('Token is invalid');
    }
  });

  test('when it was signed with another secret', async () => {
    expect(await judge(forge(CLAIMS, HEADER, Buffer.alloc(32)))).toBe('Token is invalid');
    expect(await judge(forge(CLAIMS, HEADER, ''))).toBe('Token is invalid');
  });

  test('when its claims were changed after it was signed', async () => {
    const [header, , signature] = forge(CLAIMS).split('.');
    const changed = `${header}.${encode({ ...CLAIMS, user_id: 'root' })}.${signature}`;
    expect(await judge(changed)).toBe('Token is invalid');
  });

  test('when it wants something to be understood that is not', async () => {
    const header = { ...HEADER, crit: ['b64'], b64: false };
    expect(await judge(forge(CLAIMS, header))).toBe('Token is invalid');
  });
});

describe('a token with good signature and bad claims is refused', () => {
  test.each(['exp', 'iat', 'jti', 'user_id', 'token_type'])('without %s', async (claim) => {
    const claims = { ...CLAIMS, [claim]: undefined };
    expect(await judge(forge(claims))).toBe('Token is invalid');
  });

  test.each([
    ['user_id', 7],
    ['user_id', ''],
    ['user_id', null],
    ['user_id', { S: 'alice' }],
    ['user_id', ['alice']],
    ['jti', 7],
    ['jti', ''],
    ['sid', 7],
    ['sid', ''],
    ['token_type', 'sliding'],
    ['token_type', ''],
    ['token_type', ['access']],
    ['exp', String(NOW + 300)],
    ['exp', 1e30],
    ['exp', Number.MAX_SAFE_INTEGER],
    ['exp', NOW + 86_401],
    ['exp', null],
    ['iat', NOW + 62],
    ['iat', String(NOW)],
    ['iat', null],
    ['iat', -1e30],
    ['nbf', NOW + 100],
  ])('with %s %j', async (claim, value) => {
    expect(await judge(forge({ ...CLAIMS, [claim]: value }))).toBe('Token is invalid');
  });

  test('but a clock that runs a little ahead is forgiven', async () => {
    expect(await judge(forge({ ...CLAIMS, iat: NOW + 60 }))).toBe('alice');
  });

  test.each(['1', 'null', '[]', '"text"', '', '{'])('with %j for claims', async (payload) => {
    const signed = `${encode(HEADER)}.${Buffer.from(payload).toString('base64url')}`;
    const signature = createHmac('sha256', TOKEN_SECRET).update(signed).digest('base64url');
    expect(await judge(`${signed}.${signature}`)).toBe('Token is invalid');
  });
});

describe('text that only nearly is a token is refused', () => {
  const [header = '', payload = '', signature = ''] = forge(CLAIMS).split('.');

  test.each([
    ['a space before', ` ${header}.${payload}.${signature}`],
    ['a space after', `${header}.${payload}.${signature} `],
    ['a line break after', `${header}.${payload}.${signature}\n`],
    ['a line break within', `${header}.${payload}\n.${signature}`],
    ['padding', `${header}.${payload}.${signature}=`],
    ['padding within', `${header}=.${payload}.${signature}`],
    ['base64 instead of base64url', `${header}.${payload}.${signature.replace(/.$/, '+')}`],
    ['four parts', `${header}.${payload}.${signature}.x`],
    ['two parts', `${header}.${payload}`],
    ['nothing', ''],
    ['Bearer before', `Bearer ${header}.${payload}.${signature}`],
    ['a null byte', `${header}.${payload}.${signature}\u0000`],
  ])('with %s', async (_, token) => {
    expect(await judge(token)).toBe('Token is invalid');
  });

  test('and one whose unused last bits differ is the same token by its jti', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    const twin = `${header}.${payload}.${signature.slice(0, -1)}${alphabet[last ^ 1]}`;
    const { tokens } = atHand();
    expect(await tokens.verify(twin)).toMatchObject({ jti: 'j' });
  });
});

test('a secret of fewer than 32 bytes neither signs nor checks', async () => {
  const clock = fakeClock();
  const tokensOf = (length: number) =>
    hmacTokens(tokenKeys(memoryTokenSecret(new Uint8Array(length)).store, clock), {
      clock,
      random: fakeRandom(),
    });
  for (const length of [0, 6, 31]) {
    await expect(tokensOf(length).access('alice')).rejects.toThrow('at least 32 bytes');
    await expect(tokensOf(length).verify(forge(CLAIMS))).rejects.toThrow('at least 32 bytes');
  }
  await expect(tokensOf(32).access('alice')).resolves.toBeDefined();
});

describe('lifetimes of the operator', () => {
  const lifetimes = { access: 900, refresh: 30 * 86_400 };
  const clock = fakeClock();
  const ports = { clock, random: fakeRandom(), tokenLifetimes: lifetimes };
  const tokens = hmacTokens(tokenKeys(memoryTokenSecret(TOKEN_SECRET).store, clock), ports);

  test('are those of what is signed', async () => {
    const { expiresAt } = await tokens.verify(await tokens.access('alice'), 'access');
    expect(expiresAt).toBe((NOW + 900) * 1_000);
    const refresh = await tokens.refresh('alice', 's', 'j');
    expect((await tokens.verify(refresh)).expiresAt).toBe((NOW + 30 * 86_400) * 1_000);
  });

  test('bound what is taken: shortened, they end the tokens that live longer', async () => {
    await expect(atHand().tokens.verify(await tokens.access('alice'))).rejects.toMatchObject({
      code: 'token_not_valid',
    });
  });
});
