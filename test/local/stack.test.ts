import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { DOCS_ADDRESSES } from '../../lambdas/edge/docs/addresses.ts';
import { docsFiles } from '../../lib/docs/docs-files.ts';
import { type Stack, type StackOptions, startStack } from '../../local/stack.ts';
import { trustedProxies } from '../../local/trusted-proxies.ts';
import { connectLegacy, get, PASSWORD, post, signUp } from '../e2e/chat-client.ts';

describe('the local stack', () => {
  let dataFolder: string;
  const running: Stack[] = [];
  beforeEach(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'parlor-'));
  });
  afterEach(async () => {
    for (const stack of running.splice(0)) await stack.close();
    await rm(dataFolder, { recursive: true });
  });

  async function start(options: Partial<StackOptions> = {}): Promise<Stack> {
    const stack = await startStack({ port: 0, dataFolder, settings: DEFAULT_SETTINGS, ...options });
    running.push(stack);
    return stack;
  }

  test('keeps accounts, tokens and messages over a restart', async () => {
    const first = await start();
    const { access } = await signUp(first.url, 'alice');
    await post(
      first.url,
      '/api/rooms/global/messages/',
      { content: 'kept' },
      {
        authorization: `Bearer ${access}`,
      },
    );
    await running.pop()?.close();

    const second = await start();
    const history = await get(second.url, '/chat/history/global/', access);
    expect(await history.json()).toMatchObject([{ content: 'kept' }]);
    const login = await post(second.url, '/api/token/', { username: 'alice', password: PASSWORD });
    expect(login.status).toBe(200);
  });

  test('makes links as the client of a trusted proxy sees it', async () => {
    const { url } = await start({ trusts: trustedProxies('loopback') });
    const { access } = await signUp(url, 'alice');
    const headers = {
      authorization: `Bearer ${access}`,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'chat.example.com',
    };
    for (const content of ['one', 'two']) {
      await post(url, '/api/rooms/links/messages/', { content }, headers);
    }
    const ask = (path: string) => fetch(`${url}${path}`, { headers });
    const old = await ask('/chat/history/links/?limit=1');
    expect(old.headers.get('link')).toMatch(
      /^<https:\/\/chat\.example\.com\/chat\/history\/links\/\?/,
    );
    for (const path of ['messages/?limit=1', 'events/?after=0&limit=1']) {
      const page = (await (await ask(`/api/rooms/links/${path}`)).json()) as { next: string };
      expect(page.next).toMatch(/^https:\/\/chat\.example\.com\/api\/rooms\/links\//);
    }
  });

  test('says so when its port is taken, and leaves nothing running', async () => {
    const { url } = await start();
    const other = await mkdtemp(join(tmpdir(), 'parlor-'));
    const second = start({ port: Number(new URL(url).port), dataFolder: other });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await start({ dataFolder: other });
    await running.pop()?.close();
    await rm(other, { recursive: true });
  });

  test('gets a data folder before another that starts at the same time, or leaves it to that', async () => {
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({ reason: { name: 'AlreadyRunningError' } });
    }
  });

  test('says so when another runs on its data folder', async () => {
    await start();
    await expect(start()).rejects.toThrow(/runs a chat on .* already, at http/);
  });

  test('starts where one was killed and left its word, whoever has its number now', async () => {
    const word = { url: 'http://127.0.0.1:1', dynamoEndpoint: 'http://127.0.0.1:1' };
    for (const pid of [process.pid, 2 ** 22 + 1]) {
      await writeFile(join(dataFolder, 'running.json'), JSON.stringify({ pid, ...word }));
      const { url } = await start();
      expect((await fetch(`${url}/api/schema/`)).status).toBe(200);
      await running.pop()?.close();
    }
  });

  test('serves the documentation as it is built for a deployment', async () => {
    const { url } = await start();
    for (const [file, bytes] of await docsFiles()) {
      const [address] = DOCS_ADDRESSES.flatMap((each) => [
        ...(each.file === file ? [each.path] : []),
        ...(each.json === file ? [`${each.path}/?format=json`] : []),
      ]);
      const answer = await fetch(url + (address ?? `/${file}`));
      expect([file, answer.status]).toEqual([file, 200]);
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    }
  });

  test('has no docs where they are switched off: their paths are as any that is not there', async () => {
    const { url } = await start({ settings: { ...DEFAULT_SETTINGS, docs: false } });
    for (const path of ['/api/docs', '/api/docs/', '/api/docs/assets/docs.css', '/api/schema/']) {
      const answer = await fetch(url + path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toEqual({ detail: 'Not found.', code: 'not_found' });
    }
  });

  test('keeps its token secret to its owner', async () => {
    await start();
    const { mode } = await stat(join(dataFolder, 'token-secret'));
    expect(mode & 0o077).toBe(0);
    expect((await readFile(join(dataFolder, 'token-secret'))).byteLength).toBeGreaterThanOrEqual(
      32,
    );
  });

  test('ends open sockets with 1001 when it is closed', async () => {
    const { url } = await start();
    const { access } = await signUp(url, 'alice');
    const socket = await connectLegacy(url, 'global', access);
    const closed = new Promise((resolve) => socket.socket.once('close', resolve));
    await running.pop()?.close();
    expect(await closed).toBe(1001);
  });

  test('serves the page at / and at every room’s address, with a strict policy', async () => {
    const { url, pageReady } = await start({ page: true });
    for (const path of ['/', '/room/global', '/room/gr%C3%B6%C3%9Fe']) {
      const response = await fetch(url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/text\/html/);
      expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
      const [, script] = /type="module"[^>]* src="([^"]+)"/.exec(await response.text()) ?? [];
      expect((await fetch(url + script)).headers.get('content-type')).toMatch(/javascript/);
    }
    await pageReady;
    expect((await fetch(`${url}/api/nothing/`)).status).toBe(404);
  });

  test('may be closed while its page is being built', async () => {
    const { pageReady } = await start({ page: true });
    const built = pageReady.then(
      () => 'built',
      () => 'stopped',
    );
    await running.pop()?.close();
    expect(await built).toBe('stopped');
  });
});
