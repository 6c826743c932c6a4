import { expect, test } from '@jest/globals';
import { FloodGate, tooFast } from '../../../lambdas/chat/flood-gate.ts';
import { FLOOD_PAUSE_MS, FLOOD_REFUSALS } from '../../../protocol/limits.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { fakeConnectionGateway } from '../../fakes/fake-connection-gateway.ts';

const BUSY = { code: 'rate_limited', details: { retryAfter: 1 } };

/** A gate before a table that refuses every frame, and counts how often it is asked. */
function refusing() {
  const clock = fakeClock();
  const gateway = fakeConnectionGateway();
  const gate = new FloodGate({ clock, gateway });
  let asked = 0;
  const send = async (connectionId = 'c1') => {
    await gate.pass(connectionId);
    asked++;
    return await gate.learn(connectionId, Promise.reject(tooFast()));
  };
  return { clock, gateway, gate, send, asked: () => asked };
}

test('after the first refusal the table is not asked for a second', async () => {
  const { clock, send, asked } = refusing();
  for (let frame = 0; frame < 20; frame++) await expect(send()).rejects.toMatchObject(BUSY);
  expect(asked()).toBe(1);
  clock.advance(999);
  await expect(send()).rejects.toMatchObject(BUSY);
  expect(asked()).toBe(1);
  clock.advance(1);
  await expect(send()).rejects.toMatchObject(BUSY);
  expect(asked()).toBe(2);
});

test('only the first of them has to be told where telling costs a post', async () => {
  const { send } = refusing();
  await expect(send()).rejects.toMatchObject({ details: { told: false } });
  await expect(send()).rejects.toMatchObject({ details: { told: true } });
});

test('a connection that goes on is closed, and no other', async () => {
  const { gateway, send } = refusing();
  await expect(send('c2')).rejects.toMatchObject(BUSY);
  for (let frame = 1; frame < FLOOD_REFUSALS; frame++) {
    await expect(send()).rejects.toMatchObject(BUSY);
  }
  expect(gateway.closed).toEqual([]);
  await expect(send()).rejects.toMatchObject(BUSY);
  expect(gateway.closed).toEqual(['c1']);
});

test('it is closed too if some of its frames are served meanwhile', async () => {
  const { clock, gateway, gate, send } = refusing();
  for (let second = 0; gateway.closed.length === 0 && second < 30; second++) {
    for (let frame = 0; frame < 10; frame++) {
      await gate.pass('c1').then(
        () => gate.learn('c1', Promise.resolve()),
        () => undefined,
      );
      await send().catch(() => undefined);
      clock.advance(100);
    }
  }
  expect(gateway.closed).toEqual(['c1']);
});

test('a connection that waits as it was told is never closed', async () => {
  const { clock, gateway, send } = refusing();
  for (let second = 0; second < 20; second++) {
    // All rooms are joined again, say.
    for (let frame = 0; frame < 49; frame++) await expect(send()).rejects.toMatchObject(BUSY);
    clock.advance(FLOOD_PAUSE_MS + 500);
  }
  expect(gateway.closed).toEqual([]);
});

test('what could not be closed is told, and closed later', async () => {
  const { gateway, send } = refusing();
  gateway.set('c1', new Error('The gateway is down.'));
  for (let frame = 1; frame < FLOOD_REFUSALS; frame++) await send().catch(() => undefined);
  await expect(send()).rejects.toThrow('The gateway is down.');
  gateway.set('c1', 'delivered');
  for (let frame = 0; frame < FLOOD_REFUSALS; frame++) await send().catch(() => undefined);
  expect(gateway.closed).toEqual(['c1']);
});

test('other failures are no reason to refuse what follows', async () => {
  const { gate } = refusing();
  const failed = gate.learn('c1', Promise.reject(new Error('The table is down.')));
  await expect(failed).rejects.toThrow('The table is down.');
  await expect(gate.pass('c1')).resolves.toBeUndefined();
});

test('ten thousand are remembered, the latest', async () => {
  const { send, asked } = refusing();
  for (let n = 0; n <= 10_000; n++) await send(`c${n}`).catch(() => undefined);
  const before = asked();
  await send('c1').catch(() => undefined);
  expect(asked()).toBe(before);
  await send('c0').catch(() => undefined);
  expect(asked()).toBe(before + 1);
});
