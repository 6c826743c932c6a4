import { describe, expect, test } from '@jest/globals';
import { keys } from '../../../lambdas/aws/keys.ts';
import { silentMeter } from '../../../lambdas/chat/ports/meter.ts';
import { auditHandler } from '../../../lambdas/edge/audit.ts';
import {
  type JournalEntry,
  journaled,
  type Notes,
  noteFanOut,
} from '../../../lambdas/edge/journal.ts';
import { connectHandler } from '../../../lambdas/edge/socket/connect.ts';
import { disconnectHandler } from '../../../lambdas/edge/socket/disconnect.ts';
import { tokenExpiryHandler } from '../../../lambdas/edge/token-expiry.ts';
import { ParlorError } from '../../../protocol/errors.ts';
import { type OperationId, operations } from '../../../protocol/rest.ts';
import { anAccount } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';
import { aContext } from './context.ts';
import { ask } from './http/asking.ts';
import { speak } from './socket/speaking.ts';

describe('a line', () => {
  const lineOf = async (request: () => Promise<unknown>, notes: Notes = {}) => {
    const entries: JournalEntry[] = [];
    const journal = (entry: JournalEntry) => void entries.push(entry);
    await journaled({ journal, meter: silentMeter }, 'ping', notes, request).catch(() => {});
    expect(entries).toHaveLength(1);
    return entries[0];
  };

  test('says what went well, and what was noted meanwhile', async () => {
    const notes: Notes = { room: 'lobby' };
    const line = await lineOf(async () => {
      notes.seq = 7;
    }, notes);
    expect(line).toEqual({
      ...{ route: 'ping', result: 'ok', room: 'lobby', seq: 7 },
      ms: expect.any(Number),
    });
  });

  test.each([
    [new ParlorError('not_joined', 'x'), 'refused', 'not_joined'],
    [new ParlorError('room_busy', 'x'), 'failed', 'room_busy'],
    [new ParlorError('internal', 'x'), 'failed', 'internal'],
    [new Error('The table is down.'), 'failed', 'internal'],
    ['thrown text', 'failed', 'internal'],
  ])('of %p says %s, %s', async (error, result, code) => {
    expect(await lineOf(() => Promise.reject(error))).toMatchObject({ result, code });
  });

  test('of a fan-out holds its counts, and its fault apart from them', () => {
    const notes: Notes = {};
    const counts = { by: 'self' as const, delivered: 1, gone: 0, slow: 0, failed: 1 };
    noteFanOut(notes, { ...counts, fault: new Error('The gateway answered 500.') });
    expect(notes.fanOut).toEqual(counts);
    expect(notes.error).toContain('The gateway answered 500.');
  });

  test('passes the failure on', async () => {
    const failure = new Error('The table is down.');
    const nobody = { journal: () => {}, meter: silentMeter };
    const running = journaled(nobody, 'ping', {}, () => Promise.reject(failure));
    await expect(running).rejects.toBe(failure);
  });
});

/** Words that only clients say. */
const PASSWORD = 'correct horse battery';
const CONTENT = 'what nobody else may read';
const CLIENT_TEXTS = ['k-of-the-client', 'f-of-the-client'];

/** One request of every kind, well and badly made. @returns how many, and the tokens in them */
async function everything(
  services: FakeServices,
): Promise<{ requests: number; secrets: string[] }> {
  const password = PASSWORD;
  await ask(services, 'POST', '/accounts/registration/', { body: { username: 'alice', password } });
  const { body: pair } = await ask(services, 'POST', '/api/token/', {
    body: { username: 'alice', password },
  });
  await services.accounts.create(anAccount({ username: 'Root', superuser: true }));
  const root = await services.tokens.access('root');
  const bodies = [
    { username: 'bob', password },
    { username: 'alice', password: `${password}!` },
    { refresh: pair.refresh },
    { token: pair.access },
    { content: CONTENT },
    { username: 'alice', removed: false, disabled: false, password },
    `${CONTENT} ${password}`,
  ];
  let requests = 2;
  for (const id of Object.keys(operations) as OperationId[]) {
    const { method, path } = operations[id];
    const asked = {
      headers: { 'idempotency-key': 'k-of-the-client' },
      query: `cursor=${encodeURIComponent(CONTENT)}`,
    };
    for (const body of bodies) {
      for (const token of [pair.access, root, `${pair.access}x`]) {
        await ask(services, method, path.replace('{room}', 'lobby'), { ...asked, token, body });
        requests++;
      }
    }
  }
  await ask(services, 'GET', `/api/rooms/${CONTENT}/messages/`, { token: root });
  await ask(services, 'GET', `/${CONTENT}/${root}`);
  return { requests: requests + 2, secrets: [pair.access, pair.refresh, root] };
}

/** The same on a socket. */
async function everythingOnASocket(services: FakeServices, token: string): Promise<number> {
  const requestContext = { connectionId: 'c1' };
  const queries = [
    { room: 'lobby', token },
    { room: CONTENT, token },
    { room: 'lobby', token: 'x' },
  ];
  for (const queryStringParameters of queries) {
    await connectHandler(services)({ requestContext, queryStringParameters }, aContext());
  }
  const id = 'f-of-the-client';
  const frames = [
    { action: 'sendMessage', id, room: 'lobby', content: CONTENT, clientId: 'k-of-the-client' },
    { action: 'sendMessage', id, room: 'music', content: CONTENT },
    { action: 'join', id, room: 'music' },
    { action: 'join', id, room: CONTENT },
    { action: 'leave', id, room: 'music' },
    { action: 'ping', id },
    { action: 'auth', id, token },
    { action: CONTENT, id },
    { message: CONTENT },
    `${CONTENT} ${token}`,
  ];
  for (const frame of frames) {
    for (const route of ['send', 'room'] as const) {
      services.clock.advance(1_000);
      await speak(services, route, frame);
    }
  }
  services.gateway.set('c1', new Error('The gateway answered 500.'));
  await speak(services, 'send', { message: CONTENT });
  services.log.head = () => Promise.reject(new Error('The log is down.'));
  await speak(services, 'send', frames[0]);
  await auditHandler(services)(
    { Records: [{ eventName: 'INSERT', dynamodb: { Keys: { pk: { S: keys.log('lobby') } } } }] },
    aContext(),
  );
  await tokenExpiryHandler(services)({}, aContext());
  await disconnectHandler(services)({ requestContext }, aContext());
  return queries.length + 2 * frames.length + 5;
}

test('every request is one line, and none holds a token, a password or what was said', async () => {
  const services = fakeServices();
  const { requests, secrets } = await everything(services);
  expect(services.entries).toHaveLength(requests);
  const token = await services.tokens.access('root');
  const frames = await everythingOnASocket(services, token);
  expect(services.entries).toHaveLength(requests + frames);

  const lines = services.entries.map((entry) => JSON.stringify(entry)).join('\n');
  const parts = [...secrets, token].flatMap((secret) => secret.split('.').slice(1));
  for (const word of [PASSWORD, CONTENT, ...CLIENT_TEXTS, ...parts]) {
    expect(lines).not.toContain(word);
  }
  const results = new Set(services.entries.map(({ result }) => result));
  expect(results).toEqual(new Set(['ok', 'refused', 'failed']));
});

test('the routes are a closed vocabulary, whatever the path', async () => {
  const services = fakeServices();
  await ask(services, 'GET', '/made/up/by/anyone');
  await ask(services, 'GET', '/api/rooms/lobby/messages/');
  await ask(services, 'TRACE', '/api/token/');
  expect(services.entries.map(({ route }) => route)).toEqual(['http', 'listMessages', 'http']);
});
