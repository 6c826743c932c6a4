import { describe, expect, test } from '@jest/globals';
import { METADATA_BYTES, METADATA_DEPTH } from '../../../protocol/limits.ts';
import { aConnection, anEvent, another } from '../../fakes/samples.ts';
import type { FakeServices } from '../../fakes/services.ts';
import { speak, withConnection } from '../../lambdas/edge/socket/speaking.ts';

/** What a message may carry beside its text: an answer to another, metadata, a kind. */

const EXTRAS = { replyTo: 1, metadata: { order: 7, tags: ['a', null] }, kind: 'shop.order' };

const say = (services: FakeServices, given: object = {}) =>
  speak(services, 'send', { action: 'sendMessage', room: 'lobby', content: 'yes', ...given });

const framesTo = ({ gateway }: FakeServices, id: string) =>
  gateway.framesTo(id).map((text) => JSON.parse(text));

async function aRoom(): Promise<FakeServices> {
  const services = await withConnection();
  await services.log.put(anEvent({ seq: 1, userId: 'bob' }));
  return services;
}

/** Objects in objects, so many. */
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });

/** Takes so many bytes as JSON. */
const ofBytes = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

describe('a message with metadata, a kind, and another that it answers', () => {
  test('reaches new clients as it was sent, and old ones as a message like any other', async () => {
    const services = await aRoom();
    const old = aConnection({ id: 'old', userId: 'carol', dialect: 'legacy' });
    await services.connections.add(old);
    expect(await say(services, EXTRAS)).toMatchObject({ type: 'ack', seq: 2 });
    expect(framesTo(services, 'c1').at(-1).events.at(-1)).toMatchObject({ seq: 2, ...EXTRAS });
    const { sender, content, timestamp, room, type, ...more } = framesTo(services, 'old').at(-1);
    expect({ sender, content, type, room }).toEqual({
      ...{ sender: 'Alice', content: 'yes', type: 'chat_message', room: 'lobby' },
    });
    expect(timestamp).toBeDefined();
    expect(more).toEqual({});
  });

  test('is the same again only with the same of each', async () => {
    const services = await aRoom();
    const sent = { ...EXTRAS, clientId: 'k', after: 1 };
    await say(services, sent);
    const metadata = { tags: ['a', null], order: 7 };
    expect(await say(services, { ...sent, metadata })).toMatchObject({ duplicate: true });
    for (const other of [{ replyTo: undefined }, { metadata: {} }, { kind: 'shop' }]) {
      expect(await say(services, { ...sent, ...other })).toMatchObject({
        code: 'client_id_reused',
      });
    }
  });

  test('waits with the others in a busy room, and comes as it was sent', async () => {
    const services = await withConnection();
    const at = services.clock.now();
    const busy = (seq: number) => anEvent({ seq, userId: 'bob', at, crowded: true });
    await services.log.put(busy(1), busy(2));
    expect(await say(services, { ...EXTRAS, clientId: 'k' })).toMatchObject({ type: 'waiting' });
    await services.relay.run();
    const [stored] = await services.log.readForward('lobby', 2, 1);
    expect(stored?.payload).toEqual({ content: 'yes', ...EXTRAS });
  });
});

describe('a reply', () => {
  test.each([
    ['a seq that is free', 9],
    ['an event that is no message', 2],
  ])('to %s is refused, and nothing is stored', async (_, replyTo) => {
    const services = await aRoom();
    await services.log.put(another({ seq: 2 }));
    expect(await say(services, { replyTo })).toMatchObject({
      ...{ type: 'error', code: 'reply_not_found', room: 'lobby', retryable: false },
    });
    expect(await services.log.head('lobby')).toMatchObject({ seq: 2 });
  });

  test('to one of messages that were put together finds it', async () => {
    const services = await withConnection();
    await services.log.put(anEvent({ seq: 1 }), anEvent({ seq: 2 }), anEvent({ seq: 3 }));
    expect(await say(services, { replyTo: 2 })).toMatchObject({ type: 'ack' });
  });

  test('that is stored is found by a retry, though what it answers is gone by now', async () => {
    const services = await aRoom();
    const sent = { replyTo: 1, clientId: 'k', after: 1 };
    await say(services, sent);
    const { readBackward } = services.log;
    services.log.readBackward = async (room, before, ...rest) =>
      before === 2 ? [] : await readBackward(room, before, ...rest);
    expect(await say(services, sent)).toMatchObject({ type: 'ack', seq: 2, duplicate: true });
    expect(await say(services, { replyTo: 1 })).toMatchObject({ code: 'reply_not_found' });
  });
});

describe('metadata', () => {
  test.each([
    ['as long as it may be', ofBytes(METADATA_BYTES), 'ack'],
    ['a byte longer', ofBytes(METADATA_BYTES + 1), 'metadata_too_large'],
    ['as deep as it may be', nested(METADATA_DEPTH), 'ack'],
    ['a level deeper', nested(METADATA_DEPTH + 1), 'metadata_too_large'],
    [
      'so deep that it could not be written',
      { a: JSON.parse('['.repeat(4_000) + ']'.repeat(4_000)) },
      'metadata_too_large',
    ],
    ['a list', [1], 'invalid_field'],
    ['null', null, 'invalid_field'],
  ])('that is %s', async (_, metadata, answer) => {
    const services = await aRoom();
    const { type, code } = (await say(services, { metadata })) as Record<string, unknown>;
    expect(type === 'error' ? code : type).toBe(answer);
  });
});

test.each([
  ['shop.order-2_x', 'ack'],
  ['x'.repeat(64), 'ack'],
  ['x'.repeat(65), 'invalid_field'],
  ['', 'invalid_field'],
  ['2x', 'invalid_field'],
  ['Order', 'invalid_field'],
])('a kind like %j is answered by %s', async (kind, answer) => {
  const { type, code } = (await say(await aRoom(), { kind })) as Record<string, unknown>;
  expect(type === 'error' ? code : type).toBe(answer);
});
