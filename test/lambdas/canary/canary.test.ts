import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CANARY_RUN } from '../../../bench/scale/canary.ts';
import { canaryIssuer } from '../../../lambdas/auth/canary-issuer.ts';
import { dynamoAccountStore } from '../../../lambdas/aws/account-store.ts';
import { DEFAULT_SETTINGS } from '../../../lambdas/aws/config.ts';
import { openTable } from '../../../lambdas/aws/dynamo.ts';
import { systemClock } from '../../../lambdas/aws/services.ts';
import { canaryHandler } from '../../../lambdas/canary/handler.ts';
import { talk } from '../../../lambdas/canary/talk.ts';
import { byPassword, identityOf } from '../../../lambdas/canary/way-in.ts';
import type { JournalEntry } from '../../../lambdas/edge/journal.ts';
import { LOCAL_TABLE, localDynamo } from '../../../local/database.ts';
import type { Stack } from '../../../local/stack.ts';
import { post } from '../../e2e/chat-client.ts';
import { temporaryStack } from '../../e2e/temporary-stack.ts';
import { cheapHasher } from '../../fakes/cheap-hasher.ts';
import { fakeMeter } from '../../fakes/fake-meter.ts';
import { aContext } from '../edge/context.ts';
import { type Tampering, tamperingProxy } from './tampering-proxy.ts';

const SECRET = 'qW3rT7yU1oP9aS5dF2gH8jK4lZ6xC0vB3nM7qW1eR5t';
const ORIGIN = 'https://chat.example.com';

let stack: Stack;
let token = '';
let proxy: Awaited<ReturnType<typeof tamperingProxy>>;
beforeAll(async () => {
  const settings = { registration: 'closed', allowedOrigins: [ORIGIN] } as const;
  stack = await temporaryStack({ settings: { ...DEFAULT_SETTINGS, ...settings } });
  proxy = await tamperingProxy(stack.url);
});
beforeEach(() => {
  proxy.tampering = {};
});
afterAll(async () => {
  await proxy.close();
  await stack.close();
});

const tableOf = ({ dynamoEndpoint }: Stack) => openTable(LOCAL_TABLE, localDynamo(dynamoEndpoint));

/** One run of the function, at a stage that the proxy stands before. */
async function run(
  url = proxy.url,
  { hasAccounts = true, origin = ORIGIN, at = stack, patienceMs = 60_000 } = {},
) {
  const meter = fakeMeter();
  const lines: JournalEntry[] = [];
  const handler = canaryHandler({
    address: { url, origin },
    hasAccounts,
    readSecret: async () => SECRET,
    accounts: dynamoAccountStore(tableOf(at)),
    hasher: cheapHasher(),
    clock: systemClock,
    journal: (entry) => lines.push(entry),
    meter,
    patienceMs,
  });
  const error = await handler({}, aContext()).then(
    () => undefined,
    (reason: Error) => reason,
  );
  return { error, meter, line: lines[0] };
}

describe('the canary', () => {
  test('makes its account though registration is closed, talks, and measures each step', async () => {
    const { error, meter, line } = await run();
    expect(error).toBeUndefined();
    expect(line).toMatchObject({ route: 'canary', result: 'ok' });
    const steps = ['CanaryLogin', 'CanaryConnect', 'CanaryAck', 'CanaryDelivery', 'CanaryHistory'];
    expect(Object.keys(meter.measured)).toEqual(steps);
    for (const [ms = 0] of Object.values(meter.measured)) expect(ms).toBeGreaterThan(0);
    // It is none of the chat's clients to the counts that alarms are on.
    expect(meter.counts).toEqual({});
  });

  test('registers nothing new after that, says one thing more, and leaves no login behind', async () => {
    const accounts = dynamoAccountStore(tableOf(stack));
    const { username, room } = identityOf(SECRET);
    const before = await accounts.find(username);
    expect(before).toMatchObject({ superuser: false, disabled: false });
    const refreshed: string[] = [];
    proxy.tampering.answer = (path, body) => {
      if (path === '/api/token/') refreshed.push(JSON.parse(body).refresh);
      return undefined;
    };
    expect((await run()).error).toBeUndefined();
    expect(await accounts.find(username)).toEqual(before);
    const [refresh = ''] = refreshed;
    expect((await post(stack.url, '/api/token/refresh/', { refresh })).status).toBe(401);
    expect(room).toMatch(/^parlor-canary-[0-9a-f]{24}$/);
    expect(username).toMatch(/^canary-[0-9a-f]{24}$/);
    expect(room.slice(-24)).not.toBe(username.slice(-24));
  });

  test('asks of the chat what the bill says', async () => {
    Object.assign(proxy.asked, { handshakes: 0, framesHeard: 0, framesSaid: 0, httpRequests: 0 });
    expect((await run()).error).toBeUndefined();
    const { httpRequests, ...sockets } = proxy.asked;
    expect(sockets).toEqual({ handshakes: 2, framesHeard: 3, framesSaid: 1 });
    expect(CANARY_RUN).toMatchObject(sockets);
    // What a client reads when it comes depends on what comes first.
    expect(httpRequests).toBeGreaterThanOrEqual(CANARY_RUN.httpRequests - 2);
    expect(httpRequests).toBeLessThanOrEqual(CANARY_RUN.httpRequests);
  });

  test('gets in without built-in accounts, as the only user of an issuer of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlor-canary-'));
    const file = join(folder, 'secret');
    await writeFile(file, SECRET);
    const own = { ...canaryIssuer('none'), key: { kind: 'secret', from: { file } } } as const;
    const issuers = { accounts: false, outside: [own] };
    const other = await temporaryStack({ settings: { ...DEFAULT_SETTINGS, issuers } });
    try {
      expect((await run(other.url, { hasAccounts: false, at: other })).error).toBeUndefined();
      expect((await run(other.url, { at: other })).error?.message).toContain('(logIn)');
    } finally {
      await other.close();
      await rm(folder, { recursive: true });
    }
  });

  test('says of what it can’t reach which step that was', async () => {
    const { error, line, meter } = await run('http://127.0.0.1:9');
    expect(error?.message).toMatch(/^It could not log in \(logIn\): The server can’t be reached/);
    expect(line).toMatchObject({ route: 'canary', result: 'failed', error: expect.any(String) });
    expect(meter.measured).toEqual({});
  });

  test('does not make itself an account anew when somebody disabled it', async () => {
    const accounts = dynamoAccountStore(tableOf(stack));
    const { username } = identityOf(SECRET);
    await accounts.setDisabled(username, true);
    expect((await run()).error?.message).toMatch(/\(logIn\): No active account/);
    await accounts.setDisabled(username, false);
    expect((await run()).error).toBeUndefined();
  });
});

type Case = [what: string, step: string, tampering: Tampering];

const isOf = (type: string) => (frame: Record<string, unknown>) => frame.type === type;
const [isAck, isMessage] = ['ack', 'chat_message'].map(isOf) as [
  ReturnType<typeof isOf>,
  ReturnType<typeof isOf>,
];
/** A client reads it too, when it comes. */
const isHistory = (path: string) => path.includes('/messages/?limit=10');

const failing = (what: string) => () => Promise.reject(new Error(`${what} failed`));

/** Without a login, which takes its time, and with little patience for the rest. */
async function talkHastily(origin: string, leave = async () => {}): Promise<unknown> {
  const address = { url: proxy.url, origin };
  const wayIn = { enter: async () => token, leave };
  return await talk({ address, wayIn, room: 'parlor-canary-test', patienceMs: 2_500 });
}

describe('the canary fails, and names the step, when', () => {
  beforeAll(async () => {
    token = await byPassword({
      ...{ url: stack.url, secret: SECRET, accounts: dynamoAccountStore(tableOf(stack)) },
      ...{ hasher: cheapHasher(), clock: systemClock },
    }).enter();
  });

  test.each<Case>([
    ['handshakes are refused with 503', 'connect', { handshake: 503 }],
    ['handshakes are refused with 403', 'connect', { handshake: 403 }],
    ['nothing is acknowledged', 'acknowledge', { frame: (f) => (isAck(f) ? undefined : f) }],
    ['nothing is delivered', 'deliver', { frame: (f) => (isMessage(f) ? undefined : f) }],
    [
      'another text is delivered',
      'deliver',
      { frame: (f) => (isMessage(f) ? { ...f, content: 'something else' } : f) },
    ],
    [
      'another sender is delivered',
      'history',
      { frame: (f) => (isMessage(f) ? { ...f, sender: 'mallory' } : f) },
    ],
    [
      'all of REST but the login is answered with 500',
      'connect',
      { answer: (path) => (/token/.test(path) ? undefined : { status: 500, body: '{}' }) },
    ],
    [
      'the history is answered with 500',
      'history',
      { answer: (path) => (isHistory(path) ? { status: 500, body: '{}' } : undefined) },
    ],
    [
      'the history has another text',
      'history',
      {
        answer: (path, body) =>
          isHistory(path)
            ? { status: 200, body: body.replaceAll('"canary 2', '"canary 3') }
            : undefined,
      },
    ],
    [
      'the history lacks it',
      'history',
      {
        answer: (path, body) =>
          isHistory(path)
            ? { status: 200, body: JSON.stringify({ ...JSON.parse(body), results: [] }) }
            : undefined,
      },
    ],
  ])('%s', async (_, step, tampering) => {
    proxy.tampering = tampering;
    await expect(talkHastily(ORIGIN)).rejects.toThrow(`(${step})`);
  });

  test('a login is answered with 502', async () => {
    proxy.tampering.answer = (path) =>
      path === '/api/token/' ? { status: 502, body: '' } : undefined;
    const { error, line, meter } = await run();
    expect(error?.message).toContain('(logIn)');
    expect(line).toMatchObject({ route: 'canary', result: 'failed', code: 'internal' });
    expect(meter.measured).toEqual({});
  });

  test('it can’t log out either, and then it is the first fault that is told', async () => {
    proxy.tampering.handshake = 503;
    await expect(talkHastily(ORIGIN, failing('logging out'))).rejects.toThrow('(connect)');
    proxy.tampering = {};
    await expect(talkHastily(ORIGIN, failing('logging out'))).rejects.toThrow('logging out failed');
  });

  test('its page’s origin is not let in', async () => {
    await expect(talkHastily('https://elsewhere.example')).rejects.toThrow('(connect)');
  });
});
