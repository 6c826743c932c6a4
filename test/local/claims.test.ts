import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Claims as TokenClaims } from '../../lambdas/auth/tokens.ts';
import { Claims } from '../../local/claims.ts';
import type { LambdaCall } from '../../local/gateway/gateway.ts';

const call = (routeKey: string, event: object): LambdaCall => ({
  ...{ routeKey, event, requestId: 'r', handler: async () => undefined },
});
const request = (routeKey: string, headers: Record<string, string> = {}, sourceIp = '10.0.0.7') => {
  const [method = '', rawPath = ''] = routeKey.split(' ');
  return call(routeKey, { headers, rawPath, requestContext: { http: { method, sourceIp } } });
};
const frame = (connectionId: string, body: object) =>
  call('sendMessage', { requestContext: { connectionId }, body: JSON.stringify(body) });
const sendTo = (room: string) => ({ action: 'sendMessage', room, content: 'hello' });

describe('whose work a call is', () => {
  let verified: string[];
  let late: string[];
  let claims: Claims;
  beforeEach(() => {
    verified = [];
    late = [];
    claims = new Claims({
      tokens: {
        verify: async (token) => {
          verified.push(token);
          const [, userId = '', signature] = token.split('.');
          if (signature !== 'signed') throw new Error('Token is invalid');
          return { userId } as TokenClaims;
        },
      },
      connections: {
        find: async (id) =>
          id === 'unknown' ? undefined : ({ id, userId: 'ann', homeRoom: 'home' } as never),
      },
      backlog: { isLate: (room) => late.includes(room) },
    });
  });

  test('is told by the token that a request carries, once it has been checked', async () => {
    const headers = { authorization: 'Bearer h.ann.signed' };
    expect(await claims.of(request('GET /api/rooms/', headers))).toEqual({ caller: 'user ann' });
    expect(await claims.of(request('GET /api/rooms/', headers))).toEqual({ caller: 'user ann' });
    expect(verified).toEqual(['h.ann.signed']);
  });

  test('is not told by a token that somebody else made, nor by what anybody says', async () => {
    const forged = request('GET /api/rooms/', { authorization: 'Bearer h.ann.forged' });
    expect(await claims.of(forged)).toEqual({ caller: '10.0.0.7 GET /api/rooms/' });
    const none = request('GET /api/rooms/', { authorization: 'Bearer ann' });
    expect(await claims.of(none)).toEqual({ caller: '10.0.0.7 GET /api/rooms/' });
  });

  test('is told by other issuers’ tokens, once one of them was good', async () => {
    const token = 'h.corp.other';
    const outside = claims.learningFrom({ read: async () => ({ userId: 'corp:1' }) as never });
    const asked = request('GET /api/rooms/', { authorization: `Bearer ${token}` });
    expect(await claims.of(asked)).toEqual({ caller: '10.0.0.7 GET /api/rooms/' });
    await outside.read(token);
    expect(await claims.of(asked)).toEqual({ caller: 'user corp:1' });
  });

  test('logins of all crowd one place, and those of a network are one caller’s', async () => {
    expect(await claims.of(request('POST /api/token/', {}, '2001:db8::7'))).toEqual({
      caller: '2001:db8:0:0::/64 POST /api/token/',
      place: 'passwords',
    });
  });

  test('a handshake is its user’s, by query or subprotocol', async () => {
    const connect = (more: object) =>
      call('$connect', { requestContext: { identity: { sourceIp: '10.0.0.7' } }, ...more });
    const user = { caller: 'user ann' };
    expect(await claims.of(connect({ queryStringParameters: { token: 'h.ann.signed' } }))).toEqual(
      user,
    );
    const headers = { 'Sec-WebSocket-Protocol': 'parlor.v1, h.ann.signed' };
    expect(await claims.of(connect({ headers }))).toEqual(user);
    expect(await claims.of(connect({}))).toEqual({ caller: '10.0.0.7 $connect' });
  });

  test('a frame is its connection’s user’s; sends crowd their room', async () => {
    const home = { caller: 'user ann', place: 'room home', crowded: false };
    expect(await claims.of(frame('c', sendTo('hall')))).toEqual({ ...home, place: 'room hall' });
    expect(await claims.of(frame('c', { message: 'hello' }))).toEqual(home);
    expect(await claims.of(frame('c', { action: 'ping' }))).toEqual({ caller: 'user ann' });
    expect(await claims.of(frame('unknown', { action: 'ping' }))).toEqual({ caller: 'unknown' });
  });

  test('sends over REST wait for a room apart from those on sockets', async () => {
    const headers = { authorization: 'Bearer h.ann.signed' };
    late.push('hall');
    expect(await claims.of(request('POST /api/rooms/hall/messages/', headers))).toEqual({
      caller: 'user ann',
      place: 'posts to hall',
      crowded: true,
    });
    expect(await claims.of(request('POST /api/tickets/', headers))).toEqual({ caller: 'user ann' });
  });

  test('the end of a connection waits as long as it takes', async () => {
    const ended = call('$disconnect', { requestContext: { connectionId: 'c' } });
    expect(await claims.of(ended)).toEqual({ caller: 'c', place: '$disconnect', patient: true });
  });
});
