import { expect, test } from '@jest/globals';
import { CONNECTIONS_AT_FULL_RATE } from '../../../../protocol/limits.ts';
import { ask, withToken } from './asking.ts';

test('messages over REST draw on the same budget as frames, and say when to go on', async () => {
  const frameRate = { burst: 2, perSecond: 1 };
  const { services, token } = await withToken({}, { frameRate });
  const path = '/api/rooms/lobby/messages/';
  const send = () => ask(services, 'POST', path, { token, body: { content: 'hello' } });
  for (let sent = 0; sent < 2 * CONNECTIONS_AT_FULL_RATE; sent++) {
    expect(await send()).toMatchObject({ status: 201 });
  }
  const refused = await send();
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  expect(refused.headers['retry-after']).toBe('1');
  expect(await services.log.head('lobby')).toMatchObject({ seq: 2 * CONNECTIONS_AT_FULL_RATE });
  services.clock.advance(1_000);
  expect(await send()).toMatchObject({ status: 201 });
});
