import { expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import { countedStore } from '../../web/app/counted-store.ts';

const entry = (room: string, clientId: string) => ({
  ...{ room, clientId, content: 'hello', after: undefined, createdAt: 1, order: 1 },
});

test('a counted store knows what waits in it: each message once, adopted ones too', async () => {
  const kept = memoryStore();
  await kept.putOutbox(entry('attic', 'left'));
  await kept.close();
  const { store, unsent } = countedStore(kept);
  const adopted = await store.adoptOutbox();
  expect(adopted).toHaveLength(1);
  expect(unsent()).toBe(1);

  await store.putOutbox(entry('lobby', 'one'));
  await store.putOutbox({ ...entry('lobby', 'one'), after: 7 });
  await store.putOutbox(entry('garden', 'one'));
  expect(unsent()).toBe(3);
  await store.removeOutbox('lobby', 'one');
  await store.removeOutbox('lobby', 'never there');
  expect(unsent()).toBe(2);
});
