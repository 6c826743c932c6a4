import { beforeEach, describe, expect, test } from '@jest/globals';
import { accountSession, type Session } from '../../client/session.ts';
import type { HttpAnswer } from '../../lambdas/edge/http/events.ts';
import { httpHandler } from '../../lambdas/edge/http/handler.ts';
import { loginOperations } from '../../lambdas/edge/http/login-operations.ts';
import { httpOperations } from '../../lambdas/edge/http/operations.ts';
import { anAccount } from '../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../fakes/services.ts';
import { aContext } from '../lambdas/edge/context.ts';
import { FakeSessionStorage } from './fake-session-storage.ts';

/** The session against the server's own code, where refreshes meet or their answers get lost. */

const MINUTE = 60_000;
const PASSWORD = 'correct horse battery';

let services: FakeServices;
let browser: FakeSessionStorage;
/** What becomes of an answer on its way. */
let onItsWay: (path: string, answer: Response) => Promise<Response>;

beforeEach(async () => {
  services = fakeServices();
  const passwordHash = await services.hasher.hash(PASSWORD);
  await services.accounts.create(anAccount({ passwordHash }));
  browser = new FakeSessionStorage();
  onItsWay = async (_, answer) => answer;
});

async function fetchFrom(url: string, init: RequestInit): Promise<Response> {
  const { pathname } = new URL(url);
  const event = {
    rawPath: pathname,
    headers: Object.fromEntries(new Headers(init.headers)),
    body: init.body as string,
    requestContext: { http: { method: init.method ?? 'GET' } },
  };
  const { statusCode, headers, body } = (await httpHandler(services, {
    ...httpOperations,
    ...loginOperations,
  })(event, aContext())) as HttpAnswer;
  return await onItsWay(pathname, new Response(body, { status: statusCode, headers }));
}

/** A tab, or the same one after a reload. On plain http tabs don't wait for each other. */
function open({ waits = true } = {}): Session {
  const storage = browser.tab();
  return accountSession({
    url: 'https://chat.example.com',
    storage: waits ? storage : { ...storage, lock: (action) => action() },
    fetch: fetchFrom,
    now: () => services.clock.now(),
  });
}

async function loggedIn(settings = {}): Promise<Session> {
  const session = open(settings);
  await session.logIn('alice', PASSWORD);
  services.clock.advance(4.5 * MINUTE);
  return session;
}

/** Loses the answers to so many refreshes, after the server has made them. */
function lose(answers: number): void {
  let left = answers;
  onItsWay = async (path, answer) => {
    if (path !== '/api/token/refresh/' || left === 0) return answer;
    left--;
    throw new TypeError('Failed to fetch');
  };
}

/** That the login is not over, now and at its next refresh. */
async function goesOn(session: Session): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await expect(session.token({})).resolves.toMatch(/^[\w-]+\./);
    services.clock.advance(4.5 * MINUTE);
  }
  expect(session.username).toBe('Alice');
}

describe('a login goes on', () => {
  test('when the answer to its refresh gets lost', async () => {
    const session = await loggedIn();
    lose(1);
    await expect(session.token({})).rejects.toMatchObject({ code: 'unreachable' });
    services.clock.advance(30_000);
    await goesOn(session);
  });

  test('when the page is reloaded again and again while it refreshes', async () => {
    await loggedIn();
    lose(4);
    for (let reload = 0; reload < 4; reload++) {
      await expect(open().token({})).rejects.toMatchObject({ code: 'unreachable' });
      services.clock.advance(1_000);
    }
    await goesOn(open());
  });

  test('in two tabs that refresh at once', async () => {
    const first = await loggedIn({ waits: false });
    const second = open({ waits: false });
    const tokens = await Promise.all([first.token({}), second.token({}), first.token({})]);
    for (const token of tokens) await expect(services.tokens.verify(token)).resolves.toBeDefined();
    await goesOn(first);
    await goesOn(second);
  });

  test('in a tab whose answer comes after another tab has what it brings', async () => {
    const slow = await loggedIn({ waits: false });
    const quick = open({ waits: false });
    const held = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    onItsWay = async (_, answer) => {
      onItsWay = async (_path, next) => next;
      answered.resolve();
      await held.promise;
      return answer;
    };
    const late = slow.token({});
    await answered.promise;
    const token = await quick.token({});
    held.resolve();
    expect(await late).toBe(token);
    await goesOn(slow);
  });

  test('when something between answers 401 in its own words', async () => {
    const session = await loggedIn();
    for (const [body, headers] of [
      ['<html>Sign in to the Wi-Fi</html>', {}],
      ['<html>Sign in</html>', { 'x-error-code': 'token_not_valid' }],
      ['', {}],
      ['{"message":"Unauthorized"}', {}],
      ['{"detail":"Authentication required"}', {}],
      ['{"detail":"Who are you?","code":"proxy_login"}', {}],
    ] as const) {
      onItsWay = async () => new Response(body, { status: 401, headers });
      await expect(session.token({})).rejects.toMatchObject({ status: 401 });
      expect(session.username).toBe('Alice');
    }
    onItsWay = async (_, answer) => answer;
    await goesOn(session);
  });
});

describe('a login ends', () => {
  test.each(['token_not_valid', 'user_not_found', 'user_inactive'])(
    'when the chat itself says %s',
    async (code) => {
      const session = await loggedIn();
      onItsWay = async () => new Response(JSON.stringify({ detail: '…', code }), { status: 401 });
      await expect(session.token({})).rejects.toMatchObject({ code: 'signed_out' });
      expect(session.username).toBeUndefined();
    },
  );

  test('when a thief has gone on with it', async () => {
    const session = await loggedIn();
    const { refresh } = JSON.parse(browser.text ?? '') as { refresh: string };
    for (let round = 0, stolen = refresh; round < 2; round++) {
      const answer = await fetchFrom('https://chat.example.com/api/token/refresh/', {
        method: 'POST',
        body: JSON.stringify({ refresh: stolen }),
      });
      stolen = ((await answer.json()) as { refresh: string }).refresh;
    }
    await expect(session.token({})).rejects.toMatchObject({ code: 'signed_out' });
  });
});
