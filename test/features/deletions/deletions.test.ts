import { describe, expect, test } from '@jest/globals';
import { anAccount, anEvent } from '../../fakes/samples.ts';
import type { FakeServices } from '../../fakes/services.ts';
import { ask } from '../../lambdas/edge/http/asking.ts';
import { act, aRoom, get, say, sentTo } from '../a-room.ts';

const remove = (services: FakeServices, given: object = {}) =>
  act(services, { action: 'delete', seq: 1, ...given });

const edit = (services: FakeServices, given: object = {}) =>
  act(services, { action: 'edit', seq: 1, content: 'changed', baseVersion: 1, ...given });

async function aMessage(): Promise<FakeServices> {
  const services = await aRoom();
  await say(services, 'secret', { clientId: 'm', after: 0, metadata: { more: 'secret' } });
  return services;
}

const PATH = '/api/rooms/lobby/messages/1/';
const gone = { seq: 1, content: '', deleted: { by: 'Alice', at: expect.stringMatching(/Z$/) } };
const history = async (services: FakeServices) =>
  (await get(services, '/api/rooms/lobby/messages/')).body.results;
const raw = async (services: FakeServices) =>
  JSON.stringify([
    await services.log.readForward('lobby', 0, 100),
    await services.overlays.between('lobby', 0, 100),
  ]);

describe('a deletion', () => {
  test('leaves of a message its place, who deleted it, and when', async () => {
    const services = await aMessage();
    expect(await remove(services, { id: 'f' })).toMatchObject({ type: 'ack', ref: 'f', seq: 2 });
    expect(await history(services)).toMatchObject([gone]);
    expect((await get(services, PATH)).body).toMatchObject(gone);
    expect(await raw(services)).not.toMatch(/secret/);
  });

  test('reaches new clients, and what old ones fetch leaves the message out', async () => {
    const services = await aMessage();
    await say(services, 'after');
    await remove(services);
    expect(sentTo(services, 'c2').at(-1)).toMatchObject({ type: 'deletion', seq: 3, target: 1 });
    expect(sentTo(services, 'c3')).toHaveLength(2);
    const { body } = await get(services, '/chat/history/lobby/');
    expect(body).toMatchObject([{ content: 'after' }]);
  });

  test('takes what edits said with it', async () => {
    const services = await aMessage();
    await edit(services, { content: 'secret as well' });
    await remove(services);
    expect(await raw(services)).not.toMatch(/secret/);
    expect(await history(services)).toMatchObject([gone]);
    expect((await history(services))[0]).not.toHaveProperty('version');
  });

  test('does not let a late retry say it again', async () => {
    const services = await aMessage();
    await remove(services);
    const retry = await say(services, 'secret', { clientId: 'm', after: 0 });
    expect(retry).toMatchObject({ type: 'ack', seq: 1, duplicate: true });
    expect(await raw(services)).not.toMatch(/secret/);
  });

  test.each<[object, string]>([
    [{ seq: 9 }, 'message_not_found'],
    [{ seq: 2 }, 'not_your_message'],
    [{ seq: 3 }, 'message_not_found'],
    [{ seq: 'x' }, 'invalid_field'],
    [{ room: 'music' }, 'not_joined'],
  ])('of %j is refused, and nothing is stored', async (given, code) => {
    const services = await aMessage();
    await services.log.put(anEvent({ seq: 2, userId: 'bob' }));
    expect(await remove(services, given)).toMatchObject({ type: 'error', code });
    expect(await services.log.head('lobby')).toMatchObject({ seq: 2 });
  });

  test('of what is deleted, and an edit of it, are told so', async () => {
    const services = await aMessage();
    await remove(services);
    expect(await remove(services)).toMatchObject({ code: 'message_deleted' });
    expect(await edit(services)).toMatchObject({ code: 'message_deleted' });
  });

  test('that comes between an edit and its slot wins', async () => {
    const services = await aMessage();
    const { put } = services.log;
    let deleted = false;
    services.log.put = async (...written) => {
      if (!deleted) {
        deleted = true;
        await remove(services);
      }
      return await put(...written);
    };
    expect(await edit(services)).toMatchObject({ code: 'message_deleted' });
    expect(await raw(services)).not.toMatch(/secret|changed/);
  });

  test('is for superusers over REST, whoever said it', async () => {
    const services = await aRoom();
    await services.log.put(anEvent({ seq: 1, userId: 'alice', content: 'secret' }));
    await services.accounts.create(anAccount({ username: 'Root', superuser: true }));
    await services.accounts.create(anAccount({ username: 'Bob' }));
    const as = async (user: string) => ({ token: await services.tokens.access(user) });
    const refused = await ask(services, 'DELETE', PATH, await as('bob'));
    expect(refused).toMatchObject({ status: 403, body: { code: 'not_your_message' } });
    const done = await ask(services, 'DELETE', PATH, await as('root'));
    expect(done).toMatchObject({ status: 200, body: { content: '', deleted: { by: 'Root' } } });
    const again = await ask(services, 'DELETE', PATH, await as('root'));
    expect(again).toMatchObject({ status: 410, body: { code: 'message_deleted' } });
    expect(await raw(services)).not.toMatch(/secret/);
  });

  test('in one round with its message leaves nothing to post', async () => {
    const services = await aRoom();
    const { fanOut } = services;
    const idle = { by: 'nobody' as const, delivered: 0, gone: 0, slow: 0, failed: 0 };
    services.fanOut = { deliver: async () => idle, wake: async () => idle };
    await say(services, 'secret');
    await remove(services);
    services.fanOut = fanOut;
    await fanOut.wake('lobby', false);
    expect(JSON.stringify(services.gateway.posted)).not.toMatch(/secret/);
    expect(sentTo(services, 'c2').filter(({ seq }) => seq !== undefined)).toMatchObject([
      { type: 'chat_message', ...gone },
      { type: 'deletion', target: 1 },
    ]);
    expect(sentTo(services, 'c3')).toEqual([]);
  });
});
