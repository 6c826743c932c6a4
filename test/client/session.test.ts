import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { accountSession, type Session } from '../../client/session.ts';
import { FakeAccounts } from './fake-accounts.ts';
import { FakeSessionStorage } from './fake-session-storage.ts';

const MINUTE = 60_000;

let now: number;
let server: FakeAccounts;
let browser: FakeSessionStorage;

/** A tab of the browser. */
const open = (): Session =>
  accountSession({
    url: 'https://chat.example.com/',
    storage: browser.tab(),
    fetch: server.fetch,
    now: () => now,
  });

async function loggedIn(): Promise<Session> {
  const session = open();
  await session.logIn('alice', 'correct horse');
  server.calls.length = 0;
  return session;
}

beforeEach(() => {
  now = 1_763_800_000_000;
  server = new FakeAccounts(() => now);
  server.add('alice', 'correct horse');
  server.add('bob', 'battery staple');
  browser = new FakeSessionStorage();
});

describe('logging in and out', () => {
  test('is nobody in the beginning', async () => {
    const session = open();
    expect(session.username).toBeUndefined();
    await expect(session.token({})).rejects.toMatchObject({ code: 'signed_out' });
    await session.logOut();
    expect(server.calls).toEqual([]);
  });

  test('registers a person and logs her in', async () => {
    const session = open();
    await session.register('carol', 'a good password');
    expect(session.username).toBe('carol');
    expect(await session.token({})).toMatch(/^head\./);
  });

  test('shows the device token of the login before, which outlives it', async () => {
    const session = await loggedIn();
    await session.logOut();
    expect(session.username).toBeUndefined();
    await open().logIn('alice', 'correct horse');
    now += 10 * MINUTE;
    await session.token({});
    server.endAll();
    now += 10 * MINUTE;
    await expect(session.token({})).rejects.toMatchObject({ code: 'signed_out' });
    await session.logIn('bob', 'battery staple');
    expect(server.shown).toEqual([null, 'device-1', 'device-2']);
  });

  test('leaves nothing behind where the server knows no devices', async () => {
    server.knowsDevices = false;
    const session = await loggedIn();
    await session.logOut();
    expect(browser.tab().get()).toBeUndefined();
    await session.logIn('alice', 'correct horse');
    expect(server.shown).toEqual([null, null]);
  });

  test('tells what is wrong with each field of a form', async () => {
    const session = open();
    await expect(session.register('alice', 'x')).rejects.toMatchObject({
      code: 'invalid_field',
      status: 400,
      message: 'Taken. Weak.',
      fields: { username: ['Taken.'], password: ['Weak.'] },
    });
    expect(session.username).toBeUndefined();
  });

  test('refuses a wrong password in the server’s words', async () => {
    const session = open();
    await expect(session.logIn('alice', 'wrong')).rejects.toMatchObject({
      code: 'authentication_failed',
      message: 'Wrong password.',
    });
    expect(session.username).toBeUndefined();
  });

  test('goes by the name that others see, however it was typed', async () => {
    const session = open();
    await session.logIn('ALICE', 'correct horse');
    expect(session.username).toBe('alice');
  });

  test('lasts over a reload', async () => {
    const token = await (await loggedIn()).token({});
    expect(open().username).toBe('alice');
    expect(await open().token({})).toBe(token);
    expect(server.calls).toEqual([]);
  });

  test('ends at the server, too', async () => {
    const session = await loggedIn();
    await session.logOut();
    expect(session.username).toBeUndefined();
    expect(server.logins).toBe(0);
    await expect(session.token({})).rejects.toMatchObject({ code: 'signed_out' });
  });

  test('ends here at once, also when the server is out of reach', async () => {
    const session = await loggedIn();
    server.request = () => Promise.reject(new TypeError('Failed to fetch'));
    const ended = session.logOut();
    expect(session.username).toBeUndefined();
    await expect(ended).resolves.toBeUndefined();
  });

  test('says unreachable when the server is, and unexpected_answer for anything else', async () => {
    const session = open();
    server.request = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(session.logIn('alice', 'correct horse')).rejects.toMatchObject({
      code: 'unreachable',
      retryable: true,
    });
    for (const body of [
      '<html>',
      '[]',
      'null',
      '{"access":7,"refresh":"x"}',
      '{"access":"x","username":"y"}',
    ]) {
      const other = accountSession({
        url: 'https://chat.example.com',
        storage: browser.tab(),
        fetch: async () => new Response(body),
      });
      await expect(other.logIn('alice', 'x')).rejects.toMatchObject({ code: 'unexpected_answer' });
      expect(other.username).toBeUndefined();
    }
  });

  test('is nobody where the storage holds what can’t be read', () => {
    const { username, access } = { username: 'alice', access: 'a' };
    for (const kept of ['', '{', 'null', '7', '[]', JSON.stringify({ username, access })]) {
      browser.text = kept;
      expect(open().username).toBeUndefined();
    }
  });
});

describe('a session’s token', () => {
  test('is renewed a minute before its end, by the time that has passed', async () => {
    const session = await loggedIn();
    const first = await session.token({});
    now += 4 * MINUTE - 1;
    expect(await session.token({})).toBe(first);
    now += 1;
    const second = await session.token({});
    expect(second).not.toBe(first);
    now += 4 * MINUTE - 1;
    expect(await session.token({})).toBe(second);
    expect(server.calls).toEqual(['/api/token/refresh/']);
  });

  test('is renewed when the clock was set back since it came', async () => {
    const session = await loggedIn();
    const first = await session.token({});
    now -= 60 * MINUTE;
    expect(await session.token({})).not.toBe(first);
  });

  test('is renewed when the server did not take it, and only that one', async () => {
    const session = await loggedIn();
    const first = await session.token({});
    const second = await session.token({ refused: first });
    expect(second).not.toBe(first);
    expect(await session.token({ refused: first })).toBe(second);
    expect(server.calls).toEqual(['/api/token/refresh/']);
  });

  test('is renewed once for all who ask, in all tabs', async () => {
    const tabs = [await loggedIn(), open(), open()];
    now += 5 * MINUTE;
    const asked = [...tabs, ...tabs].map((tab) => tab.token({}));
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(server.calls).toEqual(['/api/token/refresh/']);
  });

  test('is renewed again and again by one refresh token, where the server wants it so', async () => {
    server.rotates = false;
    const session = await loggedIn();
    for (let round = 0; round < 3; round++) {
      now += 5 * MINUTE;
      await session.token({});
    }
    expect(session.username).toBe('alice');
    expect(server.calls).toHaveLength(3);
  });

  test('is gone when the login has ended at the server', async () => {
    const session = await loggedIn();
    server.endAll();
    now += 5 * MINUTE;
    await expect(session.token({})).rejects.toMatchObject({ code: 'signed_out' });
    expect(session.username).toBeUndefined();
  });

  test('is not gone when the server is in trouble', async () => {
    const session = await loggedIn();
    now += 5 * MINUTE;
    server.request = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(session.token({})).rejects.toMatchObject({ code: 'unreachable' });
    server.request = async () => {};
    await expect(session.token({})).resolves.toMatch(/^head\./);
  });

  test('does not bring back who logged out while it was renewed', async () => {
    const session = await loggedIn();
    now += 5 * MINUTE;
    let answer = () => {};
    server.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const token = session.token({});
    const refused = expect(token).rejects.toMatchObject({ code: 'signed_out' });
    await turn();
    server.answer = async () => {};
    await session.logOut();
    answer();
    await refused;
    expect(session.username).toBeUndefined();
  });

  test('of one person is never that of another who logged in since', async () => {
    const session = await loggedIn();
    const { token } = session;
    await open().logIn('bob', 'battery staple');
    await expect(token({})).rejects.toMatchObject({ code: 'signed_out' });
    expect(session.username).toBe('bob');
    await expect(session.token({})).resolves.toMatch(/^head\./);
  });

  test('that is refused late does not log out who logged in since', async () => {
    const session = await loggedIn();
    const { token } = session;
    now += 5 * MINUTE;
    server.endAll();
    server.answer = async () => {
      server.answer = async () => {};
      await open().logIn('bob', 'battery staple');
    };
    await expect(token({})).rejects.toMatchObject({ code: 'signed_out' });
    expect(session.username).toBe('bob');
  });
});

describe('a change', () => {
  test('is told in every tab when somebody logs in or out, and not when tokens are renewed', async () => {
    const tabs = [open(), open()] as const;
    const told: string[] = [];
    for (const [n, tab] of tabs.entries()) tab.onChange(() => told.push(`${n} ${tab.username}`));
    await tabs[0].logIn('alice', 'correct horse');
    expect(told.splice(0).sort()).toEqual(['0 alice', '1 alice']);
    now += 5 * MINUTE;
    await tabs[1].token({});
    expect(told).toEqual([]);
    await tabs[1].logOut();
    expect(told.splice(0).sort()).toEqual(['0 undefined', '1 undefined']);
  });

  test('is told when the server ends the login', async () => {
    const session = await loggedIn();
    const listener = jest.fn();
    session.onChange(listener);
    server.endAll();
    now += 5 * MINUTE;
    await expect(session.token({})).rejects.toMatchObject({ code: 'signed_out' });
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('is not told to who does not listen any more', async () => {
    const session = open();
    const listener = jest.fn();
    session.onChange(listener)();
    await session.logIn('alice', 'correct horse');
    expect(listener).not.toHaveBeenCalled();
  });
});
