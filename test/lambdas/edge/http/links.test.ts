import { describe, expect, test } from '@jest/globals';
import { anEvent } from '../../../fakes/samples.ts';
import { fakeServices } from '../../../fakes/services.ts';
import { ask, withToken } from './asking.ts';

describe('HEAD', () => {
  test('is answered like GET, without a body', async () => {
    const { services, token } = await withToken();
    for (const seq of [1, 2]) await services.log.put(anEvent({ seq }));
    const asked = { token, query: 'limit=1' };
    const head = await ask(services, 'HEAD', '/chat/history/lobby/', asked);
    const get = await ask(services, 'GET', '/chat/history/lobby/', asked);
    expect(head).toEqual({ ...get, body: '' });
    expect(head.headers.link).toContain('rel="next"');
  });

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
