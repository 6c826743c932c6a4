import { describe, expect, test } from '@jest/globals';
import { type OperationId, operations } from '../../../../protocol/rest.ts';
import { fakeServices } from '../../../fakes/services.ts';
import { type Asked, ask, withToken } from './asking.ts';

const pathOf = (id: OperationId) =>
  operations[id].path.replace('{room}', 'lobby').replace('{seq}', '7');
const ids = Object.keys(operations) as OperationId[];
const locked = ids.filter((id) => operations[id].auth);

const bare = (detail: string) => ({ detail });

describe('a path or method that is not there', () => {
  test.each([
    '/',
    '/nothing/',
    '/api/',
    '/api/rooms/lobby/music/',
    '/api/rooms//messages/',
    '/API/token/',
  ])('is answered by 404 for %s', async (path) => {
    const { status, body } = await ask(fakeServices(), 'GET', path);
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  test.each(ids)('is answered by 405 for the wrong method of %s, to the letter', async (id) => {
    const there = ids
      .filter((other) => operations[other].path === operations[id].path)
      .map((other): string => operations[other].method);
    const methods = ['PUT', 'DELETE', 'PATCH'].filter((method) => !there.includes(method));
    for (const method of methods) {
      const { status, body } = await ask(fakeServices(), method, pathOf(id));
      expect([status, body]).toEqual([405, bare(`Method "${method}" not allowed.`)]);
    }
  });

  test('is answered by 405 where only the other method is', async () => {
    const { status, body } = await ask(fakeServices(), 'GET', '/api/token/');
    expect([status, body]).toEqual([405, bare('Method "GET" not allowed.')]);
  });

  test.each([
    ['/api/rooms/lobby/', 'DELETE, OPTIONS'],
    ['/api/rooms/lobby/read/', 'PUT, OPTIONS'],
    ['/api/rooms/lobby/messages/', 'GET, POST, HEAD, OPTIONS'],
    ['/api/token/', 'POST, OPTIONS'],
  ])('%s says which there are: %s, and answers OPTIONS so', async (path, allowed) => {
    const services = fakeServices();
    const refused = await ask(services, 'PATCH', path);
    expect([refused.status, refused.headers.allow]).toEqual([405, allowed]);
    const asked = await ask(services, 'OPTIONS', path);
    expect([asked.status, asked.headers.allow]).toEqual([200, allowed]);
    expect(asked.body).toMatchObject({ renders: ['application/json'] });
    expect(services.entries.at(-1)).toMatchObject({ route: 'options', result: 'ok' });
  });

  test('leads to the docs, where there are any', async () => {
    const withDocs = await ask(fakeServices(), 'GET', '/nothing/');
    expect(withDocs.body.detail).toBe('Not found. See /api/docs/ for what there is.');
    const without = fakeServices({ docs: false });
    for (const method of ['GET', 'OPTIONS']) {
      expect((await ask(without, method, '/api/docs/')).body).toEqual({
        detail: 'Not found.',
        code: 'not_found',
      });
    }
  });

  test('is answered by 404 for OPTIONS too', async () => {
    expect(await ask(fakeServices(), 'OPTIONS', '/nothing/')).toMatchObject({ status: 404 });
  });
});

describe.each(locked)('%s', (id) => {
  const { method } = operations[id];
  const refused = async (headers: Record<string, string>) => {
    const { services } = await withToken();
    return await ask(services, method, pathOf(id), { headers, body: {} });
  };

  test('wants a token, to the letter', async () => {
    for (const headers of [{}, { authorization: '' }, { authorization: 'Basic YTpi' }]) {
      const { status, body } = await refused(headers as Record<string, string>);
      expect([status, body]).toEqual([401, bare('Authentication credentials were not provided.')]);
    }
  });

  test('refuses a header with too much or too little in it', async () => {
    for (const authorization of ['Bearer a b', 'Bearer', 'Bearer  ', 'bearer a b']) {
      expect(await refused({ authorization })).toMatchObject({
        status: 401,
        body: { code: 'bad_authorization_header' },
      });
    }
  });
});

test('the scheme of a token is taken in any case', async () => {
  const { services, token } = await withToken();
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const headers = { authorization: `${scheme} ${token}` };
    expect(await ask(services, 'GET', '/api/me/', { headers })).toMatchObject({ status: 200 });
  }
});

describe('a bad token', () => {
  const messagesWith = async (token: string, services = fakeServices()) =>
    await ask(services, 'GET', '/api/rooms/', { token });
  const answer = (message: string) => ({
    detail: 'Given token not valid for any token type',
    code: 'token_not_valid',
    messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
  });

  test('that has expired is answered to the letter', async () => {
    const { services, token } = await withToken();
    services.clock.advance(300_000);
    const { status, body } = await messagesWith(token, services);
    expect([status, body]).toEqual([401, answer('Token is expired')]);
  });

  test('that is garbage is answered to the letter', async () => {
    const { status, body } = await messagesWith('a.b.c');
    expect([status, body]).toEqual([401, answer('Token is invalid')]);
  });

  test('that is a refresh token is answered to the letter', async () => {
    const { services } = await withToken();
    const { status, body } = await messagesWith(await services.tokens.refresh('alice', 's', 'j'));
    expect([status, body]).toEqual([401, answer('Token has wrong type')]);
  });

  test('of nobody, or of a disabled account, says which', async () => {
    const { services, token } = await withToken();
    await services.accounts.setDisabled('alice', true);
    expect(await messagesWith(token, services)).toMatchObject({ body: { code: 'user_inactive' } });
    expect(await messagesWith(await services.tokens.access('nobody'))).toMatchObject({
      status: 401,
      body: { code: 'user_not_found' },
    });
  });
});

describe('a body', () => {
  const inParts = (password: string) =>
    Buffer.from(
      `--X\r\ncontent-disposition: form-data; name="username"\r\n\r\nalice\r\n--X\r\ncontent-disposition: form-data; name="password"\r\n\r\n${password}\r\n--X--\r\n`,
      'latin1',
    );
  const post = (asked: Asked) => ask(fakeServices(), 'POST', '/api/token/', asked);
  const json = { 'content-type': 'application/json' };

  test.each([
    { bytes: 65_536, status: 400 },
    { bytes: 65_537, status: 413 },
  ])('of $bytes bytes is answered by $status', async ({ bytes, status }) => {
    expect((await post({ body: 'x'.repeat(bytes) })).status).toBe(status);
    const inBinary = Buffer.alloc(bytes).toString('base64');
    expect((await post({ body: inBinary, isBase64Encoded: true })).status).toBe(status);
  });

  test.each([
    ['application/json', Buffer.from('{"username": "alice", "password": "p\xe4ssword"}', 'latin1')],
    ['application/json', Buffer.from('\ufeff{"username": "alice"}', 'utf16le')],
    ['application/x-www-form-urlencoded', Buffer.from('username=alice&password=p\xe4', 'latin1')],
    ['application/x-www-form-urlencoded', Buffer.from('username=alice&password=p%E4ssword')],
    ['multipart/form-data; boundary=X', inParts('p\xe4ssword')],
  ])('of the type %s that is not UTF-8 is refused', async (type, bytes) => {
    const body = bytes.toString('base64');
    const headers = { 'content-type': type };
    const answer = await post({ headers, body, isBase64Encoded: true });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(answer.body.detail).toContain('UTF-8');
  });

  test('may hold U+FFFD where somebody wrote it', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const password of ['%ef%bf%bd', '\uFFFD']) {
      const answer = await post({ headers, body: `username=alice&password=${password}` });
      expect(answer.status).toBe(401);
    }
  });

  test('is measured in bytes, not in letters', async () => {
    expect((await post({ body: 'ж'.repeat(40_000) })).status).toBe(413);
  });

  test.each(['text/plain', 'application/xml', 'application/jsonx', 'x'])(
    'of the type %s is not taken',
    async (type) => {
      const answer = await post({ headers: { 'content-type': type }, body: '{}' });
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
      expect(answer.body.detail).toBe(
        `Unsupported media type "${type}" in request. Send application/json.`,
      );
    },
  );

  test.each(['{', '{"password": "hunter2"', 'null x'])(
    'that is no JSON, %j, is refused without repeating it',
    async (body) => {
      const { status, body: answer } = await post({ headers: json, body });
      expect([status, answer.code]).toEqual([400, 'malformed_json']);
      expect(JSON.stringify(answer)).not.toContain('hunter2');
    },
  );

  test('may name its character set, and may be absent', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect(await post({ headers, body: '{"username":"a"}' })).toMatchObject({
      status: 400,
      body: { password: ['This field is required.'] },
    });
    expect(await post({})).toMatchObject({ status: 400 });
  });
});

describe('what goes wrong on our side', () => {
  test('is answered by 500, told nobody, and written down', async () => {
    const { services, token } = await withToken();
    services.log.readBackward = () => Promise.reject(new Error('table parlor-7 is down'));
    const { status, headers, body } = await ask(services, 'GET', '/chat/history/lobby/', { token });
    expect([status, headers['x-error-code']]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toContain('parlor-7');
    expect(services.entries).toMatchObject([
      { route: 'oldHistory', result: 'failed', code: 'internal', userId: 'alice', room: 'lobby' },
    ]);
    expect(services.entries[0]?.error).toContain('parlor-7');
  });
});
