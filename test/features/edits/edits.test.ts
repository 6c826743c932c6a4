import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { KINDS } from '../../../features/kinds.ts';
import { keys } from '../../../lambdas/aws/keys.ts';
import { project } from '../../../lambdas/chat/project.ts';
import { CONTENT_BYTES, EDIT_HOURS } from '../../../protocol/limits.ts';
import { anEvent, another } from '../../fakes/samples.ts';
import type { FakeServices } from '../../fakes/services.ts';
import { ask } from '../../lambdas/edge/http/asking.ts';
import { act, aRoom, get, say, sentTo } from '../a-room.ts';

const edit = (services: FakeServices, given: object = {}) =>
  act(services, { action: 'edit', seq: 1, content: 'new', baseVersion: 1, ...given });

async function aMessage(): Promise<FakeServices> {
  const services = await aRoom();
  await say(services, 'old');
  return services;
}

const history = async (services: FakeServices) =>
  (await get(services, '/api/rooms/lobby/messages/')).body.results;
const events = async (services: FakeServices) =>
  (await get(services, '/api/rooms/lobby/events/', 'after=0')).body.results;
const raw = (services: FakeServices) => services.log.readForward('lobby', 0, 100);

describe('an edit', () => {
  test('is an event of its own, and reaches those who know it', async () => {
    const services = await aMessage();
    const answer = await edit(services, { id: 'f', clientId: 'e', after: 1 });
    expect(answer).toMatchObject({ type: 'ack', ref: 'f', seq: 2, clientId: 'e' });
    expect(sentTo(services, 'c2').at(-1)).toMatchObject({
      ...{ type: 'edit', seq: 2, target: 1, content: 'new', baseVersion: 1, sender: 'Alice' },
    });
    expect(sentTo(services, 'c3')).toHaveLength(1);
  });

  test('is seen wherever the message is fetched, and counts as no message', async () => {
    const services = await aMessage();
    await edit(services);
    const shown = { seq: 1, content: 'new', version: 2, editedAt: expect.stringMatching(/Z$/) };
    expect(await history(services)).toMatchObject([shown]);
    expect(await events(services)).toMatchObject([shown, { type: 'edit', seq: 2 }]);
    const one = await get(services, '/api/rooms/lobby/messages/1/');
    expect(one.body).toMatchObject(shown);
    const old = await get(services, '/chat/history/lobby/');
    expect(old.body.map((message: object) => Object.keys(message).length)).toEqual([4]);
    expect(old.body).toMatchObject([{ content: 'new' }]);
    await services.memberships.visit('alice', 'lobby', services.clock.now());
    const rooms = await get(services, '/api/rooms/');
    expect(rooms.body.results).toMatchObject([{ head: 2, unread: 1, lastMessage: shown }]);
  });

  test('leaves nothing of the text before, nor of the edits before', async () => {
    const services = await aMessage();
    await edit(services, { content: 'secret' });
    await edit(services, { content: 'newest', baseVersion: 2 });
    expect(JSON.stringify(await raw(services))).not.toMatch(/old|secret/);
    expect((await events(services)).map(({ content }: { content: string }) => content)).toEqual([
      ...['newest', '', 'newest'],
    ]);
  });

  test('of what a reply says keeps what it answers, and its metadata', async () => {
    const services = await aMessage();
    const extras = { replyTo: 1, metadata: { a: 1 }, kind: 'x.y' };
    await say(services, 'yes', extras);
    await edit(services, { seq: 2, baseVersion: 2 });
    expect((await history(services))[0]).toMatchObject({ content: 'new', ...extras });
  });

  test('again is answered by the original, also when a later one has replaced it', async () => {
    const services = await aMessage();
    const first = { clientId: 'e', after: 1 };
    await edit(services, first);
    expect(await edit(services, first)).toMatchObject({ seq: 2, duplicate: true });
    await edit(services, { baseVersion: 2, content: 'newest' });
    expect(await edit(services, first)).toMatchObject({ seq: 2, duplicate: true });
  });

  test.each<[object, string]>([
    [{ seq: 9 }, 'message_not_found'],
    [{ seq: 2 }, 'message_not_found'],
    [{ seq: 3 }, 'not_your_message'],
    [{ baseVersion: 2 }, 'edit_conflict'],
    [{ content: ' ' }, 'content_empty'],
    [{ content: 'x'.repeat(CONTENT_BYTES + 1) }, 'content_too_long'],
    [{ seq: 0 }, 'invalid_field'],
    [{ baseVersion: undefined }, 'invalid_field'],
    [{ room: 'music' }, 'not_joined'],
  ])('as %j is refused, and nothing is stored', async (given, code) => {
    const services = await aMessage();
    await services.log.put(another({ seq: 2, n: 1, m: 1 }));
    await services.log.put(anEvent({ seq: 3, userId: 'bob', n: 2 }));
    expect(await edit(services, given)).toMatchObject({ type: 'error', code });
    expect(await services.log.head('lobby')).toMatchObject({ seq: 3 });
  });

  test.each([
    [0, 'ack'],
    [1, 'error'],
  ])('%i ms after a day is answered by %s', async (more, type) => {
    const services = await aRoom();
    const at = services.clock.now() - EDIT_HOURS * 60 * 60 * 1_000 - more;
    await services.log.put(anEvent({ seq: 1, at }));
    expect(await edit(services)).toMatchObject({ type, ...(more && { code: 'edit_too_late' }) });
  });

  test('that comes second is told of the text that won', async () => {
    const services = await aMessage();
    await edit(services, { content: 'first' });
    expect(await edit(services, { content: 'second' })).toMatchObject({
      ...{ code: 'edit_conflict', retryable: false, current: { version: 2, content: 'first' } },
    });
    const token = await services.tokens.access('alice');
    const body = { content: 'second', baseVersion: 1 };
    const path = '/api/rooms/lobby/messages/1/';
    expect(await ask(services, 'PUT', path, { token, body })).toMatchObject({
      status: 409,
      body: { code: 'edit_conflict', current: { version: 2, content: 'first' } },
    });
  });

  test('over REST is answered by the message as it stands', async () => {
    const services = await aMessage();
    const token = await services.tokens.access('alice');
    const asked = {
      token,
      body: { content: 'new', baseVersion: 1, after: 1 },
      headers: { 'idempotency-key': 'k' },
    };
    for (let tries = 0; tries < 2; tries++) {
      const answer = await ask(services, 'PUT', '/api/rooms/lobby/messages/1/', asked);
      expect(answer).toMatchObject({ status: 200, body: { seq: 1, content: 'new', version: 2 } });
    }
    expect(await services.log.head('lobby')).toMatchObject({ seq: 2 });
  });
});

describe('two edits at once', () => {
  test('end as one, whichever slot they race for', async () => {
    const services = await aMessage();
    const { put } = services.log;
    let other: Promise<Record<string, unknown>> | undefined;
    services.log.put = async (...written) => {
      // The other comes between the look and the slot.
      if (!other) {
        other = edit(services, { content: 'the other' });
        await other;
      }
      return await put(...written);
    };
    const late = await edit(services, { content: 'mine' });
    expect(late).toMatchObject({ code: 'edit_conflict', current: { content: 'the other' } });
    expect(await other).toMatchObject({ type: 'ack', seq: 2 });
    expect(await history(services)).toMatchObject([{ content: 'the other', version: 2 }]);
  });

  test('end as one in a busy room, where both wait to be put together', async () => {
    const services = await aMessage();
    const at = services.clock.now();
    await services.log.put(
      anEvent({ seq: 2, userId: 'bob', at, crowded: true }),
      anEvent({ seq: 3, userId: 'bob', at, crowded: true }),
    );
    // Somebody else holds the lease, and dies.
    await services.leases.take('lobby', 'holder', at, at + 10_000, false);
    for (const content of ['one', 'two']) {
      expect(await edit(services, { content, id: content })).toMatchObject({ type: 'waiting' });
      services.clock.advance(1);
    }
    services.clock.advance(10_000);
    await services.fanOut.wake('lobby', false);
    await services.relay.run();
    const answers = sentTo(services, 'c1').filter(({ ref }) => ref !== undefined);
    expect(answers).toMatchObject([
      { type: 'ack', ref: 'one', seq: 4 },
      { type: 'error', ref: 'two', code: 'edit_conflict', current: { version: 4, content: 'one' } },
    ]);
    expect((await history(services)).at(-1)).toMatchObject({ content: 'one', version: 4 });
  });

  test('know of each other before either is folded', async () => {
    const services = await aMessage();
    const { fanOut } = services;
    // The pump is dead: nothing is folded.
    services.fanOut = { deliver: async () => never, wake: async () => never };
    await edit(services, { content: 'first' });
    expect(await edit(services, { content: 'second' })).toMatchObject({ code: 'edit_conflict' });
    expect(await edit(services, { content: 'third', baseVersion: 2 })).toMatchObject({ seq: 3 });
    services.fanOut = fanOut;
    await fanOut.wake('lobby', false);
    expect(await history(services)).toMatchObject([{ content: 'third', version: 3 }]);
    expect(JSON.stringify(await raw(services))).not.toMatch(/old|first/);
  });
});

const never = { by: 'nobody' as const, delivered: 0, gone: 0, slow: 0, failed: 0 };

describe('a version that folds nothing', () => {
  test('may have pumped an edit: it is folded by whoever pumps next, and counts before', async () => {
    const services = await aMessage();
    const { fanOut, table } = services;
    services.fanOut = { deliver: async () => never, wake: async () => never };
    await edit(services, { content: 'first' });
    const moved = { Key: keys.lease('lobby'), TableName: table.name };
    await table.client.send(
      new UpdateCommand({
        ...moved,
        UpdateExpression: 'SET pumped = :two',
        ExpressionAttributeValues: { ':two': 2 },
      }),
    );
    expect(await edit(services, { content: 'second' })).toMatchObject({ code: 'edit_conflict' });
    services.fanOut = fanOut;
    await say(services, 'more');
    expect((await history(services)).at(-1)).toMatchObject({ content: 'first', version: 2 });
    expect(JSON.stringify(await raw(services))).not.toMatch(/old/);
  });
});

describe('a fold', () => {
  const two = [
    anEvent({ seq: 1, content: 'old' }),
    another({ seq: 2, type: 'edit', payload: { target: 1, content: 'one', baseVersion: 1 } }),
    another({ seq: 3, type: 'edit', payload: { target: 1, content: 'two', baseVersion: 2 } }),
  ];

  async function aLog(): Promise<FakeServices> {
    const services = await aRoom();
    for (const event of two) await services.log.put(event);
    return services;
  }

  test('erases what its first try could not, though more came meanwhile', async () => {
    const services = await aLog();
    const { erase } = services.log;
    services.log.erase = () => Promise.reject(new Error('It died.'));
    await expect(project(services, 'lobby', two.slice(0, 2))).rejects.toThrow('It died.');
    services.log.erase = erase;
    await project(services, 'lobby', two);
    expect(JSON.stringify(await raw(services))).not.toMatch(/old|one/);
  });

  test('may be repeated, and by two at once', async () => {
    const services = await aLog();
    await Promise.all([1, 2, 3].map(() => project(services, 'lobby', two)));
    await project(services, 'lobby', two.slice(0, 2));
    expect(await history(services)).toMatchObject([{ content: 'two', version: 3 }]);
  });

  test('gives what is to be posted: nothing that it erased', async () => {
    const services = await aLog();
    expect(await project(services, 'lobby', two)).toMatchObject([
      { payload: { content: 'two', version: 3 } },
      { payload: { content: '', target: 1 }, erased: true },
      { payload: { content: 'two' } },
    ]);
  });

  test('takes no call in a round of messages', async () => {
    const services = await aRoom();
    const refuse = () => Promise.reject(new Error('It was called.'));
    const overlays = { find: refuse, between: refuse, put: refuse };
    const messages = [anEvent({ seq: 1 }), another({ seq: 2 })];
    expect(await project({ ...services, overlays, kinds: KINDS }, 'lobby', messages)).toBe(
      messages,
    );
  });
});
