import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseIssuers } from '../../lambdas/auth/parse-issuers.ts';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import type { Stack } from '../../local/stack.ts';
import { fakeClock } from '../fakes/fake-clock.ts';
import { type OidcProvider, openOidcProvider } from '../fakes/oidc-provider.ts';
import { djangoToken, times } from '../lambdas/auth/outside-tokens.ts';
import { connectLegacy, connectV1, get, post, signUp } from './chat-client.ts';
import { guardedStack } from './guarded-stack.ts';

const SECRET = 'django-insecure-#5j$k2m9!q8w7e6r5t4y3u2i1o0p';

let folder: string;
let provider: OidcProvider;
let stack: Stack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlor-secret-'));
  const file = join(folder, 'django-secret');
  await writeFile(file, `${SECRET}\n`);
  provider = await openOidcProvider('RS256');
  const issuers = {
    corp: {
      issuer: `${provider.url}/realms/corp`,
      jwks: `${provider.url}/realms/corp/protocol/openid-connect/certs`,
      audience: 'chat',
      displayName: 'preferred_username',
      uniqueNames: true,
      superusers: { claim: ['realm_access', 'roles'], value: 'chat-admin' },
    },
    django: { secret: { file } },
  };
  stack = await guardedStack({
    settings: { ...DEFAULT_SETTINGS, issuers: parseIssuers(issuers, 'PARLOR_ISSUERS', 'local') },
  });
});
afterAll(async () => {
  await stack.close();
  await provider.close();
  await rm(folder, { recursive: true });
});

const clock = () => fakeClock(Date.now());

const corpToken = (name: string, more: object = {}) =>
  provider.sign({
    iss: `${provider.url}/realms/corp`,
    aud: ['chat', 'account'],
    sub: `id-of-${name}`,
    preferred_username: name,
    ...times(clock()),
    ...more,
  });
const djangosToken = (user_id: number) =>
  djangoToken(clock(), { user_id }, new TextEncoder().encode(SECRET));

describe('people of three issuers', () => {
  test('talk in one room, each under his own name', async () => {
    const { access } = await signUp(stack.url, 'alice');
    const tokens = [access, await corpToken('alice'), await djangosToken(7)];
    const names = ['alice', 'alice (corp)', '7 (django)'];
    const sockets = await Promise.all([
      ...tokens.map((token) => connectV1(stack.url, 'lounge', token)),
      connectLegacy(stack.url, 'lounge', await djangosToken(8)),
    ]);
    for (const [index, name] of names.entries()) {
      const frame = { action: 'sendMessage', room: 'lounge', content: `I am ${name}` };
      sockets[index]?.send(frame);
      for (const socket of sockets) {
        const heard = await socket.nextOf('chat_message');
        expect(heard).toMatchObject({ sender: name, content: `I am ${name}` });
      }
    }
    for (const token of tokens) {
      const history = await (await get(stack.url, '/chat/history/lounge/', token)).json();
      expect(history.map(({ sender }: { sender: string }) => sender)).toEqual(names.toReversed());
    }
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  test('are removed and disabled by a superuser of any of them, with their open sockets', async () => {
    const bearer = async (token: Promise<string>) => ({ authorization: `Bearer ${await token}` });
    const root = await bearer(corpToken('root', { realm_access: { roles: ['chat-admin'] } }));
    const troll = await djangosToken(9);
    const socket = await connectV1(stack.url, 'lounge', troll);
    const change = { username: '9 (django)', removed: true };
    const removal = await post(stack.url, '/api/rooms/lounge/members/', change, root);
    expect(removal.status).toBe(200);
    expect(await socket.nextOf('error')).toMatchObject({ code: 'removed_from_room' });
    await expect(connectV1(stack.url, 'lounge', troll)).rejects.toThrow('refused with 403');

    const closed = new Promise((resolve) => socket.socket.once('close', resolve));
    const disabling = { username: '9 (django)', disabled: true };
    expect((await post(stack.url, '/api/accounts/', disabling, root)).status).toBe(200);
    await closed;
    await expect(connectV1(stack.url, 'other', troll)).rejects.toThrow('refused with 401');
    const mere = await bearer(corpToken('mallory'));
    expect((await post(stack.url, '/api/accounts/', disabling, mere)).status).toBe(403);
  });

  test('renew their tokens on the open socket, and nobody else does', async () => {
    const socket = await connectV1(stack.url, 'lounge', await corpToken('bob'));
    const { exp } = times(clock());
    const token = await corpToken('bob', { exp: exp + 600 });
    const frame = await socket.ask({ action: 'auth', token }, 'authenticated');
    expect(Date.parse(String(frame.until))).toBeGreaterThan((exp + 500) * 1_000);
    const others = await socket.ask({ action: 'auth', token: await djangosToken(7) }, 'error');
    expect(others).toMatchObject({ code: 'wrong_user' });
    await socket.close();
  });

  test('get in with no token that somebody else has made', async () => {
    const mallory = await openOidcProvider('RS256');
    const claims = { iss: `${provider.url}/realms/corp`, aud: 'chat', sub: 'x', ...times(clock()) };
    const forged = [
      await mallory.sign(claims, { kid: provider.key.kid }),
      await provider.sign({ ...claims, aud: 'mail' }),
      await djangoToken(clock(), { user_id: 7 }),
    ];
    for (const token of forged) {
      await expect(connectV1(stack.url, 'lounge', token)).rejects.toThrow('refused with 401');
      expect((await get(stack.url, '/api/rooms/', token)).status).toBe(401);
    }
    await mallory.close();
  });
});
