import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseIssuers } from '../../lambdas/auth/parse-issuers.ts';
import { dynamoAccountStore } from '../../lambdas/aws/account-store.ts';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { openTable, type Table } from '../../lambdas/aws/dynamo.ts';
import { dynamoMembershipStore } from '../../lambdas/aws/membership-store.ts';
import { loginServices, roomServices } from '../../lambdas/aws/services.ts';
import { dynamoSessionStore } from '../../lambdas/aws/session-store.ts';
import { silentMeter } from '../../lambdas/chat/ports/meter.ts';
import { accessOf, type TableUser } from '../../lib/table-access.ts';
import { LOCAL_TABLE, localDynamo } from '../../local/database.ts';
import { SUITE } from '../../smoke/suite.ts';
import { Target } from '../../smoke/target.ts';
import { fakeClock } from '../fakes/fake-clock.ts';
import { fakeConnectionGateway } from '../fakes/fake-connection-gateway.ts';
import { fakeRelay } from '../fakes/fake-relay.ts';
import { aConnection, anAccount, anEnd, anEvent, aQueuedDraft } from '../fakes/samples.ts';
import { djangoToken } from '../lambdas/auth/outside-tokens.ts';
import { connectV1, post, signUp } from './chat-client.ts';
import { type GuardedStack, guardedStack } from './guarded-stack.ts';
import { openTableGuard } from './table-guard.ts';

const SECRET = 'django-insecure-#5j$k2m9!q8w7e6r5t4y3u2i1o0p';
const USERS: readonly TableUser[] = [
  ...(['connect', 'sendMessage', 'roomAction', 'disconnect', 'http', 'login'] as const),
  ...(['fanOut', 'audit', 'tokenExpiry'] as const),
];

let stack: GuardedStack;
let target: Target;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlor-'));
  const file = join(folder, 'django-secret');
  await writeFile(file, SECRET);
  const issuers = parseIssuers({ accounts: true, django: { secret: { file } } }, 'i', 'local');
  stack = await guardedStack({
    ...{ dataFolder: folder, tokenSweepMs: 1_000 },
    settings: { ...DEFAULT_SETTINGS, issuers },
  });
  target = new Target({ url: stack.url });
});
afterAll(async () => {
  await target.cleanUp();
  await stack.close();
});

const as = (caller: string): Table =>
  openTable(LOCAL_TABLE, localDynamo(stack.dynamoEndpoint, caller));
const rooms = (caller: string) =>
  roomServices(
    as(caller),
    fakeConnectionGateway(),
    fakeRelay({ resume: () => never(), postShard: () => never() }),
    { roomPostsPerSecond: 1 },
    { meter: silentMeter },
  );
const never = () => Promise.reject(new Error('Nothing is handed on here.'));

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const outsider = (user_id: number, exp?: number) =>
  djangoToken(
    fakeClock(Date.now()),
    { user_id, ...(exp !== undefined && { exp }) },
    new TextEncoder().encode(SECRET),
  );

/** What superusers do, and what ends logins. */
async function moderate(): Promise<void> {
  const { access } = await signUp(stack.url, 'root');
  await dynamoAccountStore(as('local')).setSuperuser('root', true);
  const mallory = await signUp(stack.url, 'mallory');
  await connectV1(stack.url, 'calm', mallory.access);
  const change = async (path: string, body: object) =>
    expect((await post(stack.url, path, body, bearer(access))).status).toBe(200);
  await change('/api/rooms/calm/members/', { username: 'mallory', removed: true });
  await change('/api/accounts/', { username: 'mallory', superuser: true });
  await change('/api/accounts/', { username: 'mallory', disabled: true });
  await post(stack.url, '/api/rooms/calm/messages/', { content: '' }, bearer(await outsider(6)));
  await change('/api/accounts/', { username: '6 (django)', disabled: true });
  const eve = await signUp(stack.url, 'eve');
  await post(stack.url, '/api/token/blacklist/', { refresh: eve.refresh });
}

/** Users of another issuer come by socket, by ticket, over REST, and renew their token. */
async function comeFromElsewhere(): Promise<void> {
  const soon = Math.floor(Date.now() / 1_000) + 4;
  const short = await connectV1(stack.url, 'lounge', await outsider(7, soon));
  const closed = new Promise((resolve) => short.socket.once('close', resolve));
  const { access } = await signUp(stack.url, 'alice');
  const ticket = await (await post(stack.url, '/api/tickets/', {}, bearer(access))).json();
  await connectV1(stack.url, 'lounge', ticket.ticket);
  const body = { content: 'hello' };
  await post(stack.url, '/api/rooms/lounge/messages/', body, bearer(await outsider(8)));
  const renewing = await connectV1(stack.url, 'lounge', await outsider(9, soon + 60));
  await renewing.ask({ action: 'auth', token: await outsider(9) }, 'authenticated');
  await closed;
}

/** Enough frames that they are drawn from the sender's budget. */
async function talk(): Promise<void> {
  const { access } = await signUp(stack.url, 'bob');
  const socket = await connectV1(stack.url, 'lounge', access);
  await socket.ask({ action: 'auth', token: access }, 'authenticated');
  for (let sent = 0; sent < 25; sent++) {
    await socket.ask({ action: 'sendMessage', room: 'lounge', content: `${sent}` }, 'ack');
  }
}

/** Who finds a connection gone, or no longer admitted, forgets it. */
const FORGETTING: readonly TableUser[] = [
  ...(['connect', 'roomAction', 'sendMessage', 'http', 'fanOut', 'audit'] as const),
];

/** What takes a race, an attack or an old account to happen: by the ports that then do it. */
async function rare(): Promise<void> {
  for (const caller of FORGETTING) {
    const connection = aConnection({ id: caller });
    await rooms('local').connections.add(connection);
    await rooms(caller).connections.remove(caller, { room: 'lobby', shard: 0 });
  }
  await rooms('http').inbox.enqueue(aQueuedDraft());
  for (const caller of ['sendMessage', 'http', 'fanOut', 'audit']) {
    const { log, inbox, connections, leases, overlays } = rooms(caller);
    await overlays.find('lobby', [1]);
    await overlays.put({ room: caller, target: 1, asOf: 2, parts: {}, obsolete: [] }, 0);
    await leases.find('lobby');
    await inbox.remove([...(await inbox.read('lobby', 10)), aQueuedDraft()]);
    await log.put(anEvent({ room: caller }));
    for await (const _page of connections.inShard('lobby', 0, 0));
  }
  await rooms('local').leases.noteHead('lobby', anEnd(1));
  // Somebody has so many rooms that they are looked at together.
  await rooms('http').log.newest(['lobby', ...Array.from({ length: 20 }, (_, n) => `room-${n}`)]);
  const accounts = dynamoAccountStore(as('login'));
  await accounts.rehash('alice', 'from', 'to');
  await accounts.claimLook('look', 'alice', 0);
  await accounts.claimLook('look', 'bob', 0);
  const { sources } = loginServices(as('login'));
  await sources.take('192.0.2.7', 'login', { burst: 2, perSecond: 1 }, Date.now());
  // A name that the issuer has changed since the socket was opened.
  await dynamoAccountStore(as('roomAction')).recordOutside('django:9', 'nine (django)', Date.now());
}

/** `http UpdateItem account`: all that the roles allow. */
const granted = USERS.flatMap((user) => {
  const { items, accounts = [] } = accessOf(user, true);
  return [
    ...Object.entries(items).flatMap(([kind, actions]) =>
      actions.map((action) => `${user} ${action} ${kind}`),
    ),
    ...accounts.map(({ ids }) => `${user} UpdateItem ${ids === '*' ? 'account' : 'outsider'}`),
  ];
});

/** The same checks as `npm run smoke`, against the local stack. */
describe.each(SUITE)('$title', ({ checks }) => {
  test.each(checks)('$name', ({ run }) => run(target), 60_000);
});

describe('the functions', () => {
  test('do, with the checks above, all that their roles let them do with the table, and nothing else', async () => {
    await moderate();
    await comeFromElsewhere();
    await talk();
    await rare();
    const { done, refused } = stack.guard;
    expect([...refused]).toEqual([]);
    expect(granted.filter((each) => !done.has(each))).toEqual([]);
    expect([...done].filter((each) => !granted.includes(each))).toEqual(['http Query visits']);
  }, 300_000);

  test.each<[TableUser, (table: Table) => Promise<unknown>]>([
    ['sendMessage', (table) => dynamoAccountStore(table).find('alice')],
    ['fanOut', (table) => dynamoAccountStore(table).setSuperuser('mallory', true)],
    ['audit', (table) => dynamoSessionStore(table).end('session')],
    ['connect', (table) => dynamoAccountStore(table).setPassword('alice', 'another')],
    ['http', (table) => dynamoAccountStore(table).setPassword('alice', 'another')],
    ['http', (table) => dynamoAccountStore(table).create(anAccount())],
    ['connect', (table) => dynamoAccountStore(table).recordOutside('alice', 'Alice', 0)],
    ['tokenExpiry', (table) => dynamoMembershipStore(table).setRemoved('eve', 'calm', false)],
  ])('%s is refused what is not its work', async (caller, work) => {
    // A guard of its own, for that of the stack tells what was refused.
    const guard = await openTableGuard(stack.dynamoEndpoint, true);
    const table = openTable(LOCAL_TABLE, localDynamo(guard.url, caller));
    await expect(work(table)).rejects.toThrow('Not allowed');
    table.client.destroy();
    await guard.close();
  });
});
