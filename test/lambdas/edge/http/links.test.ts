import { describe, expect, test } from '@jest/globals';
import { operations } from '../../../../protocol/rest.ts';
import { anEvent } from '../../../fakes/samples.ts';
import { fakeServices } from '../../../fakes/services.ts';
import { ask, withToken } from './asking.ts';

describe('HEAD', () => {
  const reads = Object.values(operations).filter(({ method }) => method === 'GET');

  const lists = reads.filter(({ path }) => !path.includes('{seq}'));
  test.each(lists.map(({ path }) => path.replace('{room}', 'lobby')))(
    'of %s is answered like GET, and reads no events',
    async (path) => {
      const { services, token } = await withToken();
      const get = await ask(services, 'GET', path, { token });
      const read = () => Promise.reject(new Error('The log was read.'));
      Object.assign(services.log, { readForward: read, readBackward: read, head: read });
      services.memberships.visits = read;
      expect(await ask(services, 'HEAD', path, { token })).toEqual({ ...get, body: '' });
    },
  );

  test.each(reads.filter(({ path }) => path.includes('{room}')).map(({ path }) => path))(
    'of %s is refused to who was removed from the room',
    async (path) => {
      const { services, token } = await withToken();
      await services.memberships.setRemoved('alice', 'lobby', true);
      const asked = path.replace('{room}', 'lobby').replace('{seq}', '7');
      expect(await ask(services, 'HEAD', asked, { token })).toMatchObject({ status: 403 });
      expect(await ask(services, 'HEAD', asked)).toMatchObject({ status: 401 });
    },
  );

  test.each([
    [1, 200],
    [2, 404],
  ])('of the message %i tells whether it is there', async (seq, status) => {
    const { services, token } = await withToken();
    await services.log.put(anEvent({ seq: 1 }));
    const asked = `/api/rooms/lobby/messages/${seq}/`;
    expect(await ask(services, 'HEAD', asked, { token })).toMatchObject({ status });
  });

  test.each(['/api/rooms/', '/api/rooms/lobby/messages/'])(
    'of %s with a cursor that was made up is refused',
    async (path) => {
      const { services, token } = await withToken();
      const asked = { token, query: 'cursor=x' };
      expect(await ask(services, 'HEAD', path, asked)).toMatchObject({ status: 400 });
    },
  );

  test('of what can only be posted is not allowed', async () => {
    expect(await ask(fakeServices(), 'HEAD', '/api/token/')).toMatchObject({ status: 405 });
  });
});

describe('a link', () => {
  const linkWith = async (headers: Record<string, string>) => {
    const { services, token } = await withToken();
    for (const seq of [1, 2]) await services.log.put(anEvent({ seq }));
    const path = '/api/rooms/lobby/messages/';
    return new URL(
      (await ask(services, 'GET', path, { token, headers, query: 'limit=1' })).body.next,
    );
  };

  test('leads to where the client sees this API', async () => {
    expect((await linkWith({})).origin).toBe('https://api.example.com');
    expect((await linkWith({ 'x-forwarded-host': 'chat.example.com' })).origin).toBe(
      'https://chat.example.com',
    );
    const local = { 'x-forwarded-host': 'localhost:8000', 'x-forwarded-proto': 'http' };
    expect((await linkWith(local)).origin).toBe('http://localhost:8000');
  });

  test.each([
    'evil.com/path',
    'user@evil.com',
    'evil.com?x=',
    'evil.com#',
    'a b',
    'evil.com\r\nset-cookie: a=b',
    'evil.com\n',
    '"><script>',
    'evil.com:80:80',
    'evil.com, chat.example.com',
    '',
  ])('does not follow the made up host %j', async (host) => {
    expect((await linkWith({ 'x-forwarded-host': host })).origin).toBe('https://api.example.com');
  });

  test.each(['javascript', 'ftp', 'http://x', ''])(
    'does not take the scheme %j',
    async (scheme) => {
      expect((await linkWith({ 'x-forwarded-proto': scheme })).protocol).toBe('https:');
    },
  );
});
