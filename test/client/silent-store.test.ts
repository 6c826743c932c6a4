import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import type { Store } from '../../client/store.ts';
import { FakeChat } from './fake-chat.ts';

describe('a store that does not answer', () => {
  const never = () => new Promise<never>(() => {});

  test.each<keyof Store>([
    'adoptOutbox',
    'putOutbox',
    'removeOutbox',
    'loadRoom',
    'saveRoom',
    'forgetRoom',
  ])('to %s stops nothing', async (method) => {
    const chat = new FakeChat();
    const store = memoryStore();
    const client = chat.connect({ store: { ...store, [method]: never } });
    const room = client.room('hall');
    const answer = room.send('hello');
    await chat.pass(60_000);
    expect(room.state).toMatchObject({ status: 'live', pending: [] });
    expect(await answer).toMatchObject({ seq: 1 });
  });

  test('to close lets the client close', async () => {
    const chat = new FakeChat();
    const client = chat.connect({ store: { ...memoryStore(), close: never } });
    const told: string[] = [];
    client.on('error', ({ code }) => told.push(code));
    await Promise.all([client.close(), chat.pass(60_000)]);
    expect(told).toEqual(['store_failed']);
  });

  test('at all is told of', async () => {
    const chat = new FakeChat();
    const client = chat.connect({ store: { ...memoryStore(), loadRoom: never } });
    const told: string[] = [];
    client.on('error', ({ code }) => told.push(code));
    client.room('hall');
    await chat.pass(60_000);
    expect(told).toEqual(['store_failed']);
  });
});
