import { beforeEach, describe, expect, test } from '@jest/globals';
import { scryptHasher } from '../../../../lambdas/auth/passwords.ts';
import { changePassword } from '../../../../lambdas/chat/accounts.ts';
import { httpHandler } from '../../../../lambdas/edge/http/handler.ts';
import { answerHead } from '../../../../lambdas/edge/http/head.ts';
import { httpOperations } from '../../../../lambdas/edge/http/operations.ts';
import { anAccount } from '../../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../../fakes/services.ts';
import { aContext } from '../context.ts';
import { ask } from './asking.ts';

const alice = { username: 'alice', password: 'correct horse battery' };

let services: FakeServices;
beforeEach(() => {
  services = fakeServices();
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(services, 'POST', path, { body, headers });
const register = () => post('/accounts/registration/', alice);

describe('Django’s manners', () => {
  test('white space around a name and a password is dropped', async () => {
    const spaced = { username: '\t alice\u3000', password: ' correct horse battery\n' };
    const made = await post('/accounts/registration/', spaced);
    expect([made.status, made.body]).toEqual([201, { username: 'alice' }]);
    for (const credentials of [alice, spaced]) {
      expect(await post('/api/token/', credentials)).toMatchObject({ status: 200 });
    }
  });

  test('an account that was stored with the white space still gets in, and only with it', async () => {
    const password = ' correct horse ';
    for (const id of ['old', 'imported']) {
      const passwordHash = await services.hasher.hash(password);
      await services.accounts.create(anAccount({ id, username: id, passwordHash }));
      expect(await post('/api/token/', { username: id, password })).toMatchObject({ status: 200 });
      const trimmed = await post('/api/token/', { username: id, password: password.trim() });
      expect(trimmed.status).toBe(401);
    }
  });

  test('a password that is hashed anew is the one that fitted', async () => {
    const password = ' correct horse ';
    const outdated = scryptHasher({ ln: 5, r: 8, p: 1 }, 10);
    await services.accounts.create(anAccount({ passwordHash: await outdated.hash(password) }));
    for (let round = 0; round < 2; round++) {
      expect(await post('/api/token/', { username: 'alice', password })).toMatchObject({
        status: 200,
      });
    }
    const { passwordHash = '' } = (await services.accounts.find('alice')) ?? {};
    expect(services.hasher.isOutdated(passwordHash)).toBe(false);
  });

  test('numbers are taken for their text', async () => {
    const numbers = { username: 31415926, password: 2718281828.459 };
    const made = await post('/accounts/registration/', numbers);
    expect([made.status, made.body]).toEqual([201, { username: '31415926' }]);
    const texts = { username: '31415926', password: '2718281828.459' };
    for (const credentials of [numbers, texts]) {
      expect(await post('/api/token/', credentials)).toMatchObject({ status: 200 });
    }
  });

  test('white space around tokens is dropped', async () => {
    await register();
    const { refresh, access } = (await post('/api/token/', alice)).body;
    expect((await post('/api/token/verify/', { token: ` ${access}\n` })).status).toBe(200);
    expect((await post('/api/token/refresh/', { refresh: `${refresh} ` })).status).toBe(200);
    expect((await post('/api/token/blacklist/', { refresh: ` ${refresh}` })).status).toBe(200);
  });
});

describe('registration', () => {
  test('answers with the name', async () => {
    expect(await register()).toMatchObject({ status: 201, body: { username: 'alice' } });
  });

  test('of a taken name says so, in Django’s words', async () => {
    await register();
    const taken = await post('/accounts/registration/', { ...alice, username: 'ALICE' });
    expect(taken).toMatchObject({
      status: 400,
      body: { username: ['A user with that username already exists.'] },
    });
  });

  test('with a weak password says so', async () => {
    const weak = await post('/accounts/registration/', { ...alice, password: '12345' });
    expect(weak.status).toBe(400);
    expect(weak.body).toEqual({
      password: expect.arrayContaining([
        'This password is too short. It must contain at least 8 characters.',
        'This password is entirely numeric.',
      ]),
    });
  });

  test.each<[string, unknown, object]>([
    ['without a field', { username: 'alice' }, { password: ['This field is required.'] }],
    [
      'without any',
      {},
      { username: ['This field is required.'], password: ['This field is required.'] },
    ],
    ['with null', { username: null, password: 'x' }, { username: ['This field may not be null.'] }],
    ['with a boolean', { username: true, password: 'x' }, { username: ['Not a valid string.'] }],
    [
      'with what is no number that JavaScript can hold',
      '{"username": 9007199254740993, "password": 1e999}',
      { username: ['Not a valid string.'], password: ['Not a valid string.'] },
    ],
    [
      'with lists and objects',
      { username: [], password: {} },
      {
        username: ['Not a valid string.'],
        password: ['Not a valid string.'],
      },
    ],
    [
      'with nothing but white space',
      { username: ' \t\u3000', password: '\u00a0\u2003 ' },
      { username: ['This field may not be blank.'], password: ['This field may not be blank.'] },
    ],
    [
      'with one field missing, and nothing in the other',
      { password: ' ' },
      { username: ['This field is required.'], password: ['This field may not be blank.'] },
    ],
    [
      'with characters that are none',
      { username: 'a\0', password: 'correct horse \ud800' },
      {
        username: ['Null characters are not allowed.'],
        password: ['Surrogate characters are not allowed: U+D800.'],
      },
    ],
    [
      'with a password that lost a character',
      { username: 'alice', password: 'correct h\uFFFDrse' },
      { password: ['This password holds a character that got lost. Send it as UTF-8.'] },
    ],
    [
      'with nothing in it',
      { username: '', password: '' },
      { username: ['This field may not be blank.'], password: ['This field may not be blank.'] },
    ],
    ['that is no object', [1], { non_field_errors: ['Invalid data. Expected a dictionary.'] }],
    [
      'with a name that is none',
      { ...alice, username: 'a b' },
      {
        username: [
          'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
        ],
      },
    ],
  ])('%s is answered field by field', async (_, body, fields) => {
    const answer = await post('/accounts/registration/', body);
    expect(answer).toMatchObject({ status: 400, headers: { 'x-error-code': 'invalid_field' } });
    expect(answer.body).toEqual(fields);
  });

  test('takes a form', async () => {
    const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = 'username=alice&password=correct+horse%20battery';
    expect(await post('/accounts/registration/', form, urlencoded)).toMatchObject({ status: 201 });
    expect(await post('/api/token/', alice)).toMatchObject({ status: 200 });
  });

  test('takes a form in parts, in binary', async () => {
    const parts = ['username', 'password'].map(
      (name, index) =>
        `--X\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${Object.values(alice)[index]}\r\n`,
    );
    const answer = await ask(services, 'POST', '/accounts/registration/', {
      headers: { 'content-type': 'multipart/form-data; boundary=X' },
      body: Buffer.from(`${parts.join('')}--X--\r\n`).toString('base64'),
      isBase64Encoded: true,
    });
    expect(answer).toMatchObject({ status: 201, body: { username: 'alice' } });
  });

  test.each([
    'multipart/form-data; boundary=X',
    'multipart/form-data; boundary=Ā',
    'application/x-www-form-urlencoded; charset=\u0000',
  ])('by a form that can’t be read is refused (%j)', async (type) => {
    const answer = await post('/accounts/registration/', 'no parts', { 'content-type': type });
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'x-error-code': 'malformed_json' },
    });
  });
});

describe.each(['/accounts/login/', '/api/token/', '/api/token'])('POST %s', (path) => {
  test('answers with two tokens', async () => {
    await register();
    const { status, body } = await post(path, alice);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['access', 'refresh']);
  });

  test.each([
    { username: 'alice', password: 'wrong' },
    { username: 'nobody', password: 'wrong' },
  ])('refuses $username with the password $password, to the letter', async (credentials) => {
    await register();
    const { status, body } = await post(path, credentials);
    expect(status).toBe(401);
    expect(body).toEqual({ detail: 'No active account found with the given credentials' });
  });

  test('says what is missing', async () => {
    const { status, body } = await post(path, { password: 'x' });
    expect([status, body]).toEqual([400, { username: ['This field is required.'] }]);
  });
});

test('too many wrong passwords are answered with the time to wait', async () => {
  await register();
  for (let attempt = 0; attempt < 100; attempt++) {
    const { status, headers } = await post('/api/token/', { ...alice, password: 'wrong' });
    if (status !== 429) continue;
    expect(headers['x-error-code']).toBe('login_throttled');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    return;
  }
  throw new Error('A hundred wrong passwords were looked at.');
});

describe('what one network may do', () => {
  const from = (sourceIp: string, path: string, n: number) =>
    ask(services, 'POST', path, { body: { ...alice, username: `user${n}` }, sourceIp });

  test.each([
    ['/api/token/', 1],
    ['/accounts/login/', 1],
    ['/accounts/registration/', 30],
  ])('by POST %s is bounded, and costs no hash beyond that', async (path, seconds) => {
    let hashed = 0;
    const { hasher } = services;
    services.hasher = {
      ...hasher,
      hash: async (password) => {
        hashed++;
        return await hasher.hash(password);
      },
      verify: async () => {
        hashed++;
        return false;
      },
    };
    for (let n = 0; n < 60; n++) {
      expect((await from('192.0.2.7', path, n)).status).not.toBe(429);
    }
    expect(await from('192.0.2.7', path, 60)).toMatchObject({
      status: 429,
      headers: { 'x-error-code': 'rate_limited', 'retry-after': String(seconds) },
    });
    expect(hashed).toBe(60);
    expect((await from('192.0.2.8', path, 61)).status).not.toBe(429);
    services.clock.advance(seconds * 1_000);
    expect((await from('192.0.2.7', path, 62)).status).not.toBe(429);
  });

  test('is not bounded for programs of this machine', async () => {
    for (let n = 0; n < 70; n++) {
      expect((await from('127.0.0.1', '/accounts/registration/', n)).status).toBe(201);
    }
  });
});

test('a function that is not for it hashes nothing, however the path was written', async () => {
  await register();
  services.hasher = {
    ...services.hasher,
    verify: async () => Promise.reject(new Error('Hashed.')),
  };
  for (const rawPath of ['/api/token/', '/api/token', '/accounts/login/', '/api/%74oken/']) {
    const event = {
      rawPath: decodeURIComponent(rawPath),
      headers: {},
      body: JSON.stringify(alice),
      requestContext: { http: { method: 'POST' } },
    };
    const answer = await httpHandler(services, httpOperations, answerHead)(event, aContext());
    expect(answer).toMatchObject({ statusCode: 404 });
  }
});

test('a closed registration makes no accounts, and those that are there get in', async () => {
  await register();
  services.registration = 'closed';
  expect(await post('/accounts/registration/', { ...alice, username: 'bob' })).toMatchObject({
    status: 403,
    body: { code: 'registration_closed' },
  });
  expect(await services.accounts.find('bob')).toBeUndefined();
  expect(await post('/api/token/', alice)).toMatchObject({ status: 200 });
});

describe('a device', () => {
  const wrong = { ...alice, password: 'wrong' };

  async function lockedOut(): Promise<void> {
    for (let attempt = 0; attempt < 6; attempt++) await post('/api/token/', wrong);
    expect(await post('/api/token/', alice)).toMatchObject({ status: 429 });
  }

  test('that has logged in before gets in while others guess the password', async () => {
    await register();
    const { body } = await post('/api/token/', { ...alice, device: null });
    await lockedOut();
    const again = await post('/api/token/', { ...alice, device: body.device });
    expect(again).toMatchObject({ status: 200, body: { device: expect.any(String) } });
    await lockedOut();
    expect(await post('/api/token/', { ...alice, device: again.body.device })).toMatchObject({
      status: 200,
    });
  });

  test('has few attempts of its own', async () => {
    await register();
    const { device } = (await post('/api/token/', { ...alice, device: null })).body;
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await post('/api/token/', { ...wrong, device })).toMatchObject({ status: 401 });
    }
    expect(await post('/api/token/', { ...alice, device })).toMatchObject({ status: 429 });
    expect(await post('/api/token/', alice)).toMatchObject({ status: 200 });
  });

  test('is unknown to other accounts, and after a new password', async () => {
    await register();
    const { device } = (await post('/api/token/', { ...alice, device: null })).body;
    const bob = { ...alice, username: 'bob' };
    await post('/accounts/registration/', bob);
    for (let attempt = 0; attempt < 5; attempt++) {
      await post('/api/token/', { ...bob, password: 'wrong', device });
    }
    expect(await post('/api/token/', { ...bob, device })).toMatchObject({ status: 429 });

    const another = 'green-giraffe-43';
    await changePassword(services, 'alice', another);
    await lockedOut();
    expect(await post('/api/token/', { ...alice, password: another, device })).toMatchObject({
      status: 429,
    });
  });

  test.each(['', 'nonsense', 'a.b.c'])('that shows %j is a new one', async (device) => {
    await register();
    expect(await post('/api/token/', { ...alice, device })).toMatchObject({
      status: 200,
      body: { device: expect.any(String) },
    });
  });

  test('can do nothing with its token but log in', async () => {
    await register();
    const { access, device } = (await post('/api/token/', { ...alice, device: null })).body;
    for (const path of ['/api/token/refresh/', '/api/token/blacklist/']) {
      expect(await post(path, { refresh: device })).toMatchObject({ status: 401 });
    }
    expect(await post('/api/token/verify/', { token: device })).toMatchObject({ status: 401 });
    expect(await ask(services, 'GET', '/api/me/', { token: device })).toMatchObject({
      status: 401,
    });
    // Nor can another token pass for one.
    await lockedOut();
    expect(await post('/api/token/', { ...alice, device: access })).toMatchObject({ status: 429 });
  });
});

test('a login that fails is logged by a hash of the name, and no other word of it', async () => {
  await register();
  for (const username of ['alice', 'ALICE', 'purple-elephant-42']) {
    await post('/api/token/', { username, password: 'wrong' });
  }
  const [first, second, third] = services.entries.slice(-3).map(({ attempted }) => attempted);
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
  expect(JSON.stringify(services.entries.slice(-3))).not.toMatch(/alice|purple/i);
  await post('/api/token/', alice);
  expect(services.entries.at(-1)?.attempted).toBeUndefined();
});

describe('a token', () => {
  async function tokens(): Promise<{ access: string; refresh: string }> {
    await register();
    return (await post('/api/token/', alice)).body;
  }

  test('is renewed once, with the same answer for a minute; a later use ends the login', async () => {
    const { refresh } = await tokens();
    const renewed = await post('/api/token/refresh/', { refresh });
    expect(renewed.status).toBe(200);
    expect(Object.keys(renewed.body).toSorted()).toEqual(['access', 'refresh']);
    const again = await post('/api/token/refresh/', { refresh });
    expect(again).toMatchObject({ status: 200, body: { refresh: renewed.body.refresh } });
    services.clock.advance(60_000);
    const later = await post('/api/token/refresh/', { refresh });
    expect(later).toMatchObject({ status: 401, body: { code: 'token_not_valid' } });
    expect(await post('/api/token/refresh/', renewed.body)).toMatchObject({ status: 401 });
  });

  test.each([
    ['garbage', () => 'garbage', 'Token is invalid'],
    ['an access token', ({ access }: { access: string }) => access, 'Token has wrong type'],
  ])('that is %s is not renewed, to the letter', async (_, pick, detail) => {
    const { status, body } = await post('/api/token/refresh/', { refresh: pick(await tokens()) });
    expect([status, body]).toEqual([401, { detail, code: 'token_not_valid' }]);
  });

  test.each(['access', 'refresh'] as const)('of type %s is verified', async (type) => {
    const { status, body } = await post('/api/token/verify/', { token: (await tokens())[type] });
    expect([status, body]).toEqual([200, {}]);
  });

  test('that has expired is not, to the letter', async () => {
    const { access } = await tokens();
    services.clock.advance(300_000);
    const { status, body } = await post('/api/token/verify/', { token: access });
    expect([status, body]).toEqual([401, { detail: 'Token is expired', code: 'token_not_valid' }]);
  });

  test('is of no use after logging out', async () => {
    const { refresh } = await tokens();
    const out = await post('/api/token/blacklist/', { refresh });
    expect([out.status, out.body]).toEqual([200, {}]);
    expect(await post('/api/token/refresh/', { refresh })).toMatchObject({
      status: 401,
      body: { detail: 'Token is blacklisted' },
    });
    expect(await post('/api/token/verify/', { token: refresh })).toMatchObject({ status: 401 });
  });

  test.each(['refresh', 'verify', 'blacklist'])('is what %s asks for', async (what) => {
    const { status, body } = await post(`/api/token/${what}/`, {});
    const field = what === 'verify' ? 'token' : 'refresh';
    expect([status, body]).toEqual([400, { [field]: ['This field is required.'] }]);
  });
});
