import { beforeEach, describe, expect, test } from '@jest/globals';
import { issueTicket } from '../../../../lambdas/auth/tickets.ts';
import type { Settings } from '../../../../lambdas/aws/config.ts';
import { connectHandler } from '../../../../lambdas/edge/socket/connect.ts';
import { disconnectHandler } from '../../../../lambdas/edge/socket/disconnect.ts';
import type { SocketAnswer } from '../../../../lambdas/edge/socket/events.ts';
import { CONNECTIONS_PER_USER } from '../../../../protocol/limits.ts';
import { START } from '../../../fakes/fake-clock.ts';
import { aConnection, anAccount } from '../../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../../fakes/services.ts';
import { aContext } from '../context.ts';

let services: FakeServices;
let token: string;

async function begin(settings: Partial<Settings> = {}): Promise<void> {
  services = fakeServices(settings);
  await services.accounts.create(anAccount());
  token = await services.tokens.access('alice');
}
beforeEach(() => begin());

type Query = Record<string, string | undefined>;

async function connect(
  query: Query | null,
  headers: Query | null = null,
  connectionId = 'c1',
): Promise<SocketAnswer> {
  const event = {
    requestContext: { connectionId, requestId: 'r1' },
    headers,
    queryStringParameters: query,
  };
  return (await connectHandler(services)(event, aContext())) as SocketAnswer;
}

const codeOf = ({ body = '{}' }: SocketAnswer): string => JSON.parse(body).code;
const recorded = () => services.connections.find('c1', services.clock.now());

describe('a connection', () => {
  test('of an old client opens with the token in the query', async () => {
    expect(await connect({ room: 'lobby', token })).toEqual({ statusCode: 200 });
    expect(await recorded()).toMatchObject({
      userId: 'alice',
      username: 'Alice',
      dialect: 'legacy',
      homeRoom: 'lobby',
      rooms: new Map([['lobby', 0]]),
      authUntil: Math.ceil((START + 7_500_000) / 1_000) * 1_000,
    });
    expect(await services.memberships.visits('alice', 1)).toMatchObject([{ room: 'lobby' }]);
    expect(services.entries).toMatchObject([
      { route: '$connect', result: 'ok', connectionId: 'c1', userId: 'alice', room: 'lobby' },
    ]);
  });

  test('lives as long as the login of its token, not as long as the token', async () => {
    const loginUntil = Math.ceil(START / 1_000) * 1_000 + 3_600_000;
    const session = { id: 'login', userId: 'alice', current: 'r1', expiresAt: loginUntil };
    await services.sessions.open(session);
    const offered = `parlor.v1, ${await services.tokens.access('alice', 'login')}`;
    await connect({ room: 'lobby' }, { 'Sec-WebSocket-Protocol': offered });
    expect(await recorded()).toMatchObject({ sessionId: 'login', authUntil: loginUntil });
  });

  test('outlives no connection where its login lasts longer', async () => {
    const session = { id: 'login', userId: 'alice', current: 'r1', expiresAt: START + 86_400_000 };
    await services.sessions.open(session);
    const offered = `parlor.v1, ${await services.tokens.access('alice', 'login')}`;
    await connect({ room: 'lobby' }, { 'Sec-WebSocket-Protocol': offered });
    const connection = await recorded();
    expect(connection?.authUntil).toBe(connection?.expiresAt);
  });

  test('of an old client ends with its token where the operator wants it strict', async () => {
    await begin({ strictExpiry: true });
    await connect({ room: 'lobby', token });
    expect((await recorded())?.authUntil).toBeLessThanOrEqual(START + 300_000);
  });

  test.each([
    ['sec-websocket-protocol', (jwt: string) => `parlor.v1, ${jwt}`],
    ['Sec-WebSocket-Protocol', (jwt: string) => `parlor.v1,${jwt}`],
    ['SEC-WEBSOCKET-PROTOCOL', (jwt: string) => `${jwt} ,  parlor.v1`],
  ])('opens with the token as a second subprotocol (%s)', async (name, offered) => {
    expect(await connect({ room: 'lobby' }, { [name]: offered(token) })).toEqual({
      statusCode: 200,
      headers: { 'Sec-WebSocket-Protocol': 'parlor.v1' },
    });
    const connection = await recorded();
    expect(connection).toMatchObject({ dialect: 'v1' });
    expect(connection?.authUntil).toBeLessThanOrEqual(START + 300_000);
  });

  test('opens with the token in the query and the subprotocol alone', async () => {
    const offered = { 'sec-websocket-protocol': 'parlor.v1' };
    expect(await connect({ room: 'lobby', token }, offered)).toMatchObject({ statusCode: 200 });
    expect(await recorded()).toMatchObject({ dialect: 'v1' });
  });

  test('opens with the token as subprotocol although the one in the query is empty', async () => {
    const offered = { 'sec-websocket-protocol': `parlor.v1, ${token}` };
    expect(await connect({ room: 'lobby', token: '' }, offered)).toMatchObject({ statusCode: 200 });
  });

  test('may offer later versions of the protocol beside, before its token', async () => {
    const offered = { 'sec-websocket-protocol': `parlor.v2, parlor.v1, ${token}` };
    expect(await connect({ room: 'lobby' }, offered)).toMatchObject({
      headers: { 'Sec-WebSocket-Protocol': 'parlor.v1' },
    });
  });

  test('that offers another subprotocol is an old client’s, and none is chosen', async () => {
    const offered = { 'sec-websocket-protocol': 'graphql-ws' };
    expect(await connect({ room: 'lobby', token }, offered)).toEqual({ statusCode: 200 });
    expect(await recorded()).toMatchObject({ dialect: 'legacy' });
  });
});

describe('a login that has ended', () => {
  async function loggedIn(): Promise<string> {
    await services.sessions.open({
      id: 's1',
      userId: 'alice',
      current: 'first',
      expiresAt: START + 86_400_000,
    });
    return await services.tokens.access('alice', 's1');
  }

  test('is named by the connection while it lasts', async () => {
    token = await loggedIn();
    expect(await connect({ room: 'lobby', token })).toEqual({ statusCode: 200 });
    expect(await recorded()).toMatchObject({ sessionId: 's1' });
  });

  test('opens no connection by its token', async () => {
    token = await loggedIn();
    await services.sessions.end('s1');
    const answer = await connect({ room: 'lobby', token });
    expect([answer.statusCode, codeOf(answer)]).toEqual([401, 'token_not_valid']);
    expect(await recorded()).toBeUndefined();
  });

  test('opens none by a ticket that it got before', async () => {
    const claims = await services.tokens.verify(await loggedIn());
    const { ticket } = await issueTicket(services, claims);
    await services.sessions.end('s1');
    const answer = await connect({ room: 'lobby', ticket });
    expect([answer.statusCode, codeOf(answer)]).toEqual([401, 'token_not_valid']);
  });

  test('leaves none that was being opened when it ended', async () => {
    token = await loggedIn();
    const { add } = services.connections;
    services.connections.add = async (connection) => {
      await services.sessions.end('s1');
      await add(connection);
    };
    expect(await connect({ room: 'lobby', token })).toMatchObject({ statusCode: 401 });
    expect(await recorded()).toBeUndefined();
  });
});

describe('a ticket', () => {
  const TOKEN_END = Math.floor(START / 1_000) * 1_000 + 300_000;
  const newTicket = async () => {
    const { expiresAt } = await services.tokens.verify(token);
    return (await issueTicket(services, { userId: 'alice', expiresAt })).ticket;
  };
  const offering = (value: string) => ({ 'sec-websocket-protocol': `parlor.v1, ${value}` });

  test.each<[string, (ticket: string) => [Query, Query]]>([
    ['in the query', (ticket) => [{ room: 'lobby', ticket }, offering('')]],
    ['in the token’s place', (ticket) => [{ room: 'lobby' }, offering(ticket)]],
  ])('%s opens a connection that ends with the token by which it was got', async (_, given) => {
    expect(await connect(...given(await newTicket()))).toMatchObject({ statusCode: 200 });
    expect(await recorded()).toMatchObject({
      ...{ userId: 'alice', username: 'Alice', dialect: 'v1', authUntil: TOKEN_END },
    });
  });

  test('opens an old client’s connection too', async () => {
    const query = { room: 'lobby', ticket: await newTicket() };
    expect(await connect(query)).toEqual({ statusCode: 200 });
    expect(await recorded()).toMatchObject({ dialect: 'legacy' });
  });

  test('opens one connection of fifty that try at once', async () => {
    const query = { room: 'lobby', ticket: await newTicket() };
    const handler = connectHandler(services);
    const answers = (await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const requestContext = { connectionId: `c${n}` };
        return handler({ requestContext, queryStringParameters: query }, aContext());
      }),
    )) as SocketAnswer[];
    const refused = answers.filter(({ statusCode }) => statusCode === 401).map(codeOf);
    expect(refused).toEqual(Array(49).fill('ticket_not_valid'));
    expect(await services.connections.ofUser('alice', START)).toHaveLength(1);
  });

  test('that does not open is refused, and stands nowhere in the log', async () => {
    const ticket = await newTicket();
    services.clock.advance(30_000);
    for (const given of [ticket, 'made-up']) {
      for (const query of [{ room: 'lobby', ticket: given }, { room: 'lobby' }]) {
        const answer = await connect(query, offering(given));
        expect([answer.statusCode, codeOf(answer)]).toEqual([401, 'ticket_not_valid']);
        expect(JSON.stringify([answer, services.entries])).not.toContain(given);
      }
    }
    expect(await recorded()).toBeUndefined();
  });

  test('is not used up where the origin or the room is wrong', async () => {
    const ticket = await newTicket();
    expect(await connect({ room: 'a b', ticket }, null, 'c0')).toMatchObject({ statusCode: 400 });
    expect(await connect({ room: 'lobby', ticket })).toMatchObject({ statusCode: 200 });
  });

  test('of a disabled account, or to a room that one was removed from, is refused', async () => {
    await services.memberships.setRemoved('alice', 'lobby', true);
    const outOfRoom = await connect({ room: 'lobby', ticket: await newTicket() });
    expect([outOfRoom.statusCode, codeOf(outOfRoom)]).toEqual([403, 'removed_from_room']);
    const ticket = await newTicket();
    await services.accounts.setDisabled('alice', true);
    const disabled = await connect({ room: 'music', ticket });
    expect([disabled.statusCode, codeOf(disabled)]).toEqual([401, 'user_inactive']);
    expect(await recorded()).toBeUndefined();
    expect(await services.memberships.visits('alice', 10)).toEqual([]);
  });

  test('yields to a token in the query, and is not used up by it', async () => {
    const ticket = await newTicket();
    const both = await connect({ room: 'lobby', token, ticket }, null, 'c0');
    expect(both).toMatchObject({ statusCode: 200 });
    expect(await connect({ room: 'lobby', ticket })).toMatchObject({ statusCode: 200 });
  });
});

describe('a connection is refused', () => {
  const afterwards = async () => {
    expect(await recorded()).toBeUndefined();
    expect(services.entries).toMatchObject([{ route: '$connect', result: 'refused' }]);
    const pages: unknown[] = [];
    for await (const page of services.connections.inShard('lobby', 0, START)) pages.push(...page);
    expect(pages.filter((row) => (row as { connectionId: string }).connectionId === 'c1')).toEqual(
      [],
    );
  };

  test.each<[string, () => Promise<[Query | null, Query | null]>, number, string]>([
    ['without a token', async () => [{ room: 'lobby' }, null], 401, 'not_authenticated'],
    [
      'with an empty token',
      async () => [{ room: 'lobby', token: '' }, null],
      401,
      'not_authenticated',
    ],
    [
      'with a token as subprotocol but not ours',
      async () => [{ room: 'lobby' }, { 'sec-websocket-protocol': token }],
      401,
      'not_authenticated',
    ],
    ['with garbage', async () => [{ room: 'lobby', token: 'x' }, null], 401, 'token_not_valid'],
    [
      'with a refresh token',
      async () => [
        { room: 'lobby', token: await services.tokens.refresh('alice', 's', 'j') },
        null,
      ],
      401,
      'token_not_valid',
    ],
    [
      'of nobody',
      async () => [{ room: 'lobby', token: await services.tokens.access('nobody') }, null],
      401,
      'user_not_found',
    ],
    ['without a room', async () => [{ token }, null], 400, 'room_name_invalid'],
    ['without anything', async () => [null, null], 400, 'room_name_invalid'],
    ['with a bad room', async () => [{ room: 'a b', token }, null], 400, 'room_name_invalid'],
  ])('%s', async (_, given, status, code) => {
    const answer = await connect(...(await given()));
    expect([answer.statusCode, codeOf(answer)]).toEqual([status, code]);
    await afterwards();
  });

  test('with a token that has expired', async () => {
    services.clock.advance(300_000);
    const answer = await connect({ room: 'lobby', token });
    expect([answer.statusCode, codeOf(answer)]).toEqual([401, 'token_not_valid']);
    await afterwards();
  });

  test('to who was removed from the room', async () => {
    await services.memberships.setRemoved('alice', 'lobby', true);
    const answer = await connect({ room: 'lobby', token });
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'removed_from_room']);
    await afterwards();
  });

  test('beyond the number of connections', async () => {
    for (let n = 0; n < CONNECTIONS_PER_USER; n++) {
      await services.connections.add(aConnection({ id: `old-${n}` }));
    }
    const answer = await connect({ room: 'lobby', token });
    expect([answer.statusCode, codeOf(answer)]).toEqual([429, 'too_many_connections']);
    await afterwards();
  });

  test('to an account that is disabled', async () => {
    await services.accounts.setDisabled('alice', true);
    const answer = await connect({ room: 'lobby', token });
    expect([answer.statusCode, codeOf(answer)]).toEqual([401, 'user_inactive']);
    await afterwards();
  });

  test('to an account that is disabled while it opens', async () => {
    const { add } = services.connections;
    services.connections.add = async (connection) => {
      await services.accounts.setDisabled('alice', true);
      await add(connection);
    };
    const answer = await connect({ room: 'lobby', token });
    expect([answer.statusCode, codeOf(answer)]).toEqual([401, 'user_inactive']);
    await afterwards();
  });

  test('when something fails on our side, and says nothing of it', async () => {
    services.connections.add = () => Promise.reject(new Error('table parlor-7 is down'));
    const answer = await connect({ room: 'lobby', token });
    expect([answer.statusCode, codeOf(answer)]).toEqual([500, 'internal']);
    expect(answer.body).not.toContain('parlor-7');
    expect(services.entries).toMatchObject([{ result: 'failed', code: 'internal' }]);
  });
});

describe('where the operator lets in certain origins only', () => {
  beforeEach(() => begin({ allowedOrigins: ['https://chat.example.com'] }));

  test('pages of these may connect', async () => {
    for (const name of ['origin', 'Origin']) {
      const answer = await connect(
        { room: 'lobby', token },
        { [name]: 'https://chat.example.com' },
      );
      expect(answer).toEqual({ statusCode: 200 });
    }
  });

  test.each([
    undefined,
    'https://evil.com',
    'https://chat.example.com.evil.com',
    'http://chat.example.com',
    'null',
  ])('the origin %s may not', async (origin) => {
    const answer = await connect({ room: 'lobby', token }, { origin });
    expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'origin_not_allowed']);
    expect(await recorded()).toBeUndefined();
  });
});

describe('a connection that ends', () => {
  const disconnect = async () =>
    await disconnectHandler(services)({ requestContext: { connectionId: 'c1' } }, aContext());

  test('leaves nothing behind, and takes nothing of others along', async () => {
    await connect({ room: 'lobby', token });
    await services.connections.add(aConnection({ id: 'c2' }));
    expect(await disconnect()).toEqual({ statusCode: 200 });
    expect(await recorded()).toBeUndefined();
    const rest = await services.connections.ofUser('alice', START);
    expect(rest.map(({ connectionId }) => connectionId)).toEqual(['c2']);
    expect(services.entries.at(-1)).toMatchObject({ route: '$disconnect', result: 'ok' });
  });

  test('may end twice, and may never have been known', async () => {
    expect(await disconnect()).toEqual({ statusCode: 200 });
    expect(await disconnect()).toEqual({ statusCode: 200 });
  });
});
