import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseIssuers } from '../../../lambdas/auth/parse-issuers.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:django/key-AbCdEf';
const OIDC = { issuer: 'https://id.example.com/', audience: 'chat' };

const atHome = (given: unknown) => parseIssuers(given, 'PARLOR_ISSUERS', 'local');
const onAws = (given: unknown) => parseIssuers(given, '-c issuers', 'aws');

describe('who may issue tokens', () => {
  test('is read from an object or its JSON, with what nobody said filled in', () => {
    const expected = {
      accounts: true,
      outside: [
        {
          name: 'corp',
          iss: 'https://id.example.com/',
          audience: ['chat'],
          require: {},
          key: {
            kind: 'jwks',
            url: 'https://id.example.com/.well-known/jwks.json',
            algorithms: ['RS256', 'ES256', 'EdDSA', 'Ed25519'],
          },
          id: ['sub'],
          displayName: undefined,
          uniqueNames: false,
          label: 'corp',
          superusers: undefined,
          maxLifetime: 3_600,
          strictExpiry: true,
        },
      ],
    };
    expect(onAws({ corp: OIDC })).toEqual(expected);
    expect(onAws(JSON.stringify({ corp: OIDC }))).toEqual(expected);
    expect(onAws({ accounts: true })).toEqual({ accounts: true, outside: [] });
  });

  test('can all be said', () => {
    const said = {
      issuer: 'shop',
      secret: { arn: ARN },
      audience: ['chat', 'shop'],
      require: { token_type: 'access', kind: ['a', 'b'] },
      id: ['user', 'id'],
      displayName: 'https://example.com/name',
      uniqueNames: true,
      label: '',
      superusers: { claim: ['realm_access', 'roles'], value: 'admin' },
      maxLifetime: 600,
      strictExpiry: false,
    };
    expect(onAws({ accounts: false, shop: said })).toEqual({
      accounts: false,
      outside: [
        {
          name: 'shop',
          iss: 'shop',
          audience: ['chat', 'shop'],
          require: { token_type: ['access'], kind: ['a', 'b'] },
          key: { kind: 'secret', from: { arn: ARN } },
          id: ['user', 'id'],
          displayName: ['https://example.com/name'],
          uniqueNames: true,
          label: '',
          superusers: { claim: ['realm_access', 'roles'], value: 'admin' },
          maxLifetime: 600,
          strictExpiry: false,
        },
      ],
    });
  });

  test('comes through JSON as it is: a deployed function gets it so', () => {
    const issuers = onAws({ corp: { ...OIDC, label: 'Corp' }, django: { secret: { arn: ARN } } });
    expect(JSON.parse(JSON.stringify(issuers))).toEqual(issuers);
  });

  test('may be a provider by plain HTTP at home only', () => {
    for (const jwks of ['http://localhost:8080/certs', 'http://127.0.0.1/c', 'http://[::1]:1/c']) {
      expect(atHome({ corp: { ...OIDC, jwks } }).outside).toHaveLength(1);
      expect(() => onAws({ corp: { ...OIDC, jwks } })).toThrow(
        '-c issuers: corp.jwks is not the https:// address of a key set.',
      );
    }
    for (const jwks of [
      ...['http://id.example.com/', 'http://localhost.example.com/', 'http://127.0.0.1.nip.io/'],
      ...['file:///etc/passwd', 'data:application/json,{}', 'https://me:pw@id.example.com/', 'id'],
    ]) {
      expect(() => atHome({ corp: { ...OIDC, jwks } })).toThrow('http://localhost will do');
    }
  });
});

test('every example of docs/issuers.md is understood', () => {
  const page = readFileSync(new URL('../../../docs/issuers.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => onAws(json));
  expect(examples.flatMap(({ outside }) => outside.map(({ name }) => name))).toEqual([
    ...['cognito', 'auth0', 'corp', 'django'],
  ]);
});

describe('what is not understood is said, and what to write instead', () => {
  test.each([
    ['{', 'PARLOR_ISSUERS is not a JSON object. Write it like {"corp":'],
    ['[]', 'is not a JSON object'],
    [7, 'is not a JSON object'],
    [{ accounts: 'no' }, 'accounts is neither true nor false. Write "accounts": false.'],
    [{ accounts: false }, 'nobody could get in. Name an issuer, or leave accounts on.'],
    [{ 'co:rp': OIDC }, '"co:rp" can\'t name an issuer. Take up to 32 small letters'],
    [{ Corp: OIDC }, "can't name an issuer"],
    [{ corp: 'https://id.example.com' }, 'PARLOR_ISSUERS: corp is not an object.'],
    [{ corp: {} }, 'PARLOR_ISSUERS: corp.issuer is missing. Give a text.'],
    [{ corp: { ...OIDC, audience: undefined } }, 'corp.audience is missing: without it, a token'],
    [{ corp: { ...OIDC, audience: [] } }, 'corp.audience is not a text or a list of texts.'],
    [{ corp: { ...OIDC, audience: [''] } }, 'corp.audience is not a text or a list of texts.'],
    [{ corp: { ...OIDC, aud: 'chat' } }, 'corp.aud is not known. There are '],
    [
      { corp: { ...OIDC, algorithms: ['RS256', 'HS256'] } },
      'corp.algorithms is not a list of some of',
    ],
    [{ corp: { ...OIDC, algorithms: 'none' } }, 'corp.algorithms is not a list of some of RS256,'],
    [
      { corp: { ...OIDC, require: { azp: 7 } } },
      'corp.require.azp is not a text or a list of texts.',
    ],
    [{ corp: { ...OIDC, require: 'azp' } }, 'corp.require is not an object.'],
    [{ corp: { ...OIDC, uniqueNames: 'yes' } }, 'corp.uniqueNames is not true or false.'],
    [{ corp: { ...OIDC, maxLifetime: 59 } }, 'is not a number of seconds from 60 to 2678400.'],
    [{ corp: { ...OIDC, maxLifetime: 1e30 } }, 'is not a number of seconds from 60 to 2678400.'],
    [{ corp: { ...OIDC, label: 'a) (b' } }, 'corp.label is not up to 32 letters, digits, spaces'],
    [{ corp: { ...OIDC, label: 'a #b' } }, 'corp.label is not up to 32 letters, digits, spaces'],
    [
      { corp: { ...OIDC, superusers: { claim: 'roles' } } },
      'corp.superusers.value is not a text, true or false.',
    ],
    [
      { corp: { ...OIDC, superusers: { claim: 'roles', value: 1 } } },
      'corp.superusers.value is not a text, true or false.',
    ],
    [{ corp: { ...OIDC, strictExpiry: 'no' } }, 'corp.strictExpiry is not true or false.'],
    [{ corp: { ...OIDC, superusers: { value: 'x' } } }, 'corp.superusers.claim is not the name'],
    [{ corp: { ...OIDC, label: '' } }, 'corp.label is empty, so its users could pass for those'],
  ])('%j', (given, message) => {
    expect(() => atHome(given)).toThrow(message);
  });

  test('a secret is not repeated, and stands in no setting', () => {
    const secret = 'django-insecure-do-not-tell';
    for (const [given, message] of [
      [{ secret }, 'django.secret is not an object.'],
      [{ secret: { text: secret } }, 'django.secret.arn is missing. Give the whole ARN'],
      [{ secret: { arn: secret } }, 'django.secret.arn is not the whole ARN of a secret'],
      [{ secret: { arn: ARN.slice(0, -7) } }, 'with its last six letters'],
      [{ secret: { arn: ARN, file: secret } }, 'django.secret.file is not known.'],
    ] as const) {
      expect(() => onAws({ django: given })).toThrow(message);
      expect(() => onAws({ django: given })).not.toThrow(secret);
    }
  });

  test('a file is for home, an ARN for AWS', () => {
    expect(() => atHome({ django: { secret: { arn: ARN } } })).toThrow('secret.file is missing');
    expect(() => onAws({ django: { secret: { file: 'x' } } })).toThrow('secret.arn is missing');
  });

  test('two issuers that could be taken for one another', () => {
    const secret = { file: 'x' };
    expect(() => atHome({ a: OIDC, b: OIDC })).toThrow('a and b have the same issuer');
    expect(() => atHome({ a: { secret }, b: { secret } })).toThrow('a and b have no issuer');
    expect(() => atHome({ a: { ...OIDC, label: 'B' }, b: { secret } })).toThrow(
      'a and b have the same label',
    );
  });
});
