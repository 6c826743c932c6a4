import { describe, expect, test } from '@jest/globals';
import { START } from '../../../fakes/fake-clock.ts';
import { anEvent } from '../../../fakes/samples.ts';
import { ask, withToken } from './asking.ts';

const DAY = 24 * 60 * 60 * 1_000;
const MESSAGES = '/api/rooms/lobby/messages/';
const EVENTS = '/api/rooms/lobby/events/';

/** Three messages, two of which have expired, or all. */
async function roomWith(expired: 2 | 3) {
  const { services } = await withToken({}, { historyRetentionDays: 1 });
  for (const seq of [1, 2]) await services.log.put(anEvent({ seq }));
  await services.log.put(anEvent({ seq: 3, at: START + DAY }));
  await services.fanOut.wake('lobby', false);
  services.clock.set(START + (expired === 2 ? 1.5 : 3) * DAY);
  const token = await services.tokens.access('alice');
  return async (method: string, path: string, query = '', body?: unknown) =>
    await ask(services, method, path, { token, query, body });
}

describe('over REST, a room whose history has expired', () => {
  test('in part shows the rest', async () => {
    const call = await roomWith(2);
    expect(await call('GET', MESSAGES)).toMatchObject({
      status: 200,
      body: { next: null, previous: null, head: 3, results: [{ seq: 3 }] },
    });
    expect((await call('GET', '/chat/history/lobby/')).body).toHaveLength(1);
    expect(await call('GET', EVENTS, 'after=2')).toMatchObject({
      status: 200,
      body: { next: null, head: 3, results: [{ seq: 3 }] },
    });
  });

  test('in part tells who comes from before where to go on', async () => {
    const call = await roomWith(2);
    const { status, headers, body } = await call('GET', EVENTS, 'after=0');
    expect(status).toBe(410);
    expect(headers['x-error-code']).toBe('after_expired');
    expect(body).toEqual({ detail: expect.any(String), code: 'after_expired', firstKept: 3 });
  });

  test('wholly tells how far it has come, and takes messages', async () => {
    const call = await roomWith(3);
    expect(await call('GET', MESSAGES)).toMatchObject({
      status: 200,
      body: { next: null, previous: null, head: 3, results: [] },
    });
    expect(await call('GET', MESSAGES, 'before=3')).toMatchObject({ body: { results: [] } });
    expect(await call('GET', EVENTS, 'after=1')).toMatchObject({
      status: 410,
      body: { firstKept: 4 },
    });
    expect(await call('GET', EVENTS, 'after=3')).toMatchObject({
      status: 200,
      body: { next: null, head: 3, results: [] },
    });
    expect(await call('POST', MESSAGES, '', { content: 'still here', after: 1 })).toMatchObject({
      status: 201,
      body: { seq: 4 },
    });
  });
});
