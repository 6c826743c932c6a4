import { afterEach, describe, expect, test } from '@jest/globals';
import { indexedDbStore } from '../../client/indexed-db-store.ts';
import { TIMING } from '../../client/options.ts';
import { connect } from '../../client/parlor.ts';
import { standardPlatform } from '../../client/platform.ts';
import { Rest } from '../../client/rest.ts';
import { accountSession, browserSessionStorage } from '../../client/session.ts';
import { Tokens } from '../../client/tokens.ts';

const kept = ['window', 'document', 'navigator', 'location', 'localStorage', 'WebSocket'].map(
  (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
);

/** Runs where these are what they are told to be; undefined: not there. */
function where(surroundings: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(surroundings)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
}

afterEach(() => {
  for (const [name, was] of kept) {
    if (was) Object.defineProperty(globalThis, name, was);
    else Reflect.deleteProperty(globalThis, name);
  }
});

describe('a client', () => {
  const options = { url: 'https://chat.example.com', token: 'token' };

  test('says at once what is missing where there is no WebSocket', () => {
    where({ WebSocket: undefined });
    expect(() => connect(options)).toThrow(/Node 22/);
    expect(() => connect(options)).toThrow(expect.objectContaining({ code: 'no_websocket' }));
    const openSocket = standardPlatform.openSocket;
    expect(connect({ ...options, platform: { openSocket } }).state.status).toBe('idle');
  });

  test.each([
    ['React Native', { window: globalThis, document: undefined }],
    ['a window and a page that tell nothing', { window: {}, document: {} }],
    ['a worker', { window: undefined, document: undefined }],
  ])('is woken by nothing in %s, and does not mind', async (_where, surroundings) => {
    where({ navigator: {}, ...surroundings });
    const client = connect(options);
    expect(client.state.status).toBe('idle');
    await client.close();
  });

  test('is woken by what a browser tells, until it stops listening', () => {
    const [view, page] = [new EventTarget(), new EventTarget()];
    where({ window: view, document: Object.assign(page, { visibilityState: 'visible' }) });
    let woken = 0;
    const stop = standardPlatform.onWake(() => woken++);
    view.dispatchEvent(new Event('online'));
    view.dispatchEvent(new Event('pageshow'));
    page.dispatchEvent(new Event('visibilitychange'));
    Object.assign(page, { visibilityState: 'hidden' });
    page.dispatchEvent(new Event('visibilitychange'));
    expect(woken).toBe(3);
    stop();
    view.dispatchEvent(new Event('online'));
    expect(woken).toBe(3);
  });

  test('keeps what it can where a browser lacks half of what others have', async () => {
    where({ navigator: { locks: {} }, localStorage: {}, window: {} });
    const area = browserSessionStorage();
    area.set('login');
    expect(area.get()).toBe('login');
    area.onChange(() => {})();
    expect(await area.lock(async () => 'done')).toBe('done');
    // No database: that is told, and not thrown at whoever asks for the store.
    await expect(indexedDbStore('x').adoptOutbox()).rejects.toMatchObject({ code: 'store_failed' });
  });

  test('logs in where an AbortSignal has no timeout', async () => {
    const { timeout } = AbortSignal;
    Object.assign(AbortSignal, { timeout: undefined });
    const answers = [{ access: 'a', refresh: 'r' }, { username: 'ann' }];
    const fetch = async () => new Response(JSON.stringify(answers.shift()));
    const session = accountSession({ url: options.url, storage: memoryArea(), fetch });
    await session.logIn('ann', 'password').finally(() => Object.assign(AbortSignal, { timeout }));
    expect(session.username).toBe('ann');
  });
});

describe('a server that can’t be reached', () => {
  const ask = async (hostname: string) => {
    where({ location: { hostname, origin: `http://${hostname}:5173` } });
    const surroundings = {
      timing: TIMING,
      platform: { ...standardPlatform, fetch: () => Promise.reject(new TypeError('Failed')) },
    };
    const rest = new Rest('https://chat.example.com', new Tokens('t', surroundings), surroundings);
    return await rest.get('/').catch((error: Error) => error.message);
  };

  test('may not let the page ask: who develops it is told so', async () => {
    expect(await ask('localhost')).toMatch(/lacks http:\/\/localhost:5173 in allowedOrigins/);
    expect(await ask('127.0.0.1')).toMatch(/allowed/);
  });

  test('is just that for all others', async () => {
    expect(await ask('app.example.com')).toBe('The server can’t be reached. Try again.');
    expect(await ask('localhost.example.com')).not.toMatch(/allowed/);
  });
});

/** A login that is kept nowhere else. */
function memoryArea() {
  let kept: string | undefined;
  return {
    get: () => kept,
    set: (text: string) => {
      kept = text;
    },
    remove: () => {
      kept = undefined;
    },
    onChange: () => () => {},
    lock: <T>(action: () => Promise<T>) => action(),
  };
}
