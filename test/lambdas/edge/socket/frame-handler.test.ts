import { describe, expect, test } from '@jest/globals';
import { FRAME_BURST } from '../../../../protocol/limits.ts';
import { START } from '../../../fakes/fake-clock.ts';
import { fakeServices } from '../../../fakes/services.ts';
import { type Route, speak, withConnection } from './speaking.ts';

const ping = { action: 'ping', id: 'p' };
const message = { action: 'sendMessage', id: 'm', room: 'lobby', content: 'hello' };

describe('a frame on the default route, whose answers reach nobody', () => {
  const onDefault = {
    requestContext: { connectionId: 'c1', requestId: 'r1', routeKey: '$default' },
  };

  test.each([
    ['garbage', 'malformed_json'],
    [{ action: 'dance', id: 'x' }, 'unknown_action'],
    [{ message: ' ' }, 'content_empty'],
  ])('such as %j has its error posted', async (frame, code) => {
    const services = await withConnection();
    expect(await speak(services, 'send', frame, onDefault)).toBeUndefined();
    const posted = services.gateway.framesTo('c1').map((text) => JSON.parse(text));
    expect(posted).toMatchObject([{ type: 'error', code }]);
  });

  test('is not answered a second time by the gateway when its error can’t be posted', async () => {
    const services = await withConnection();
    services.gateway.post = () => Promise.reject(new Error('The gateway is down.'));
    expect(await speak(services, 'send', 'garbage', onDefault)).toBeUndefined();
  });
});

describe('a frame that makes no sense', () => {
  test.each<[unknown, string, string | undefined]>([
    ['', 'malformed_json', undefined],
    ['hello', 'malformed_json', undefined],
    ['[]', 'malformed_json', undefined],
    ['null', 'malformed_json', undefined],
    ['"{}"', 'malformed_json', undefined],
    [{}, 'unknown_action', undefined],
    [{ id: 'x' }, 'unknown_action', 'x'],
    [{ action: 'dance', id: 'x' }, 'unknown_action', 'x'],
    [{ action: 'toString', id: 'x' }, 'unknown_action', 'x'],
    [{ action: 'shorthand', id: 'x', message: 'a' }, 'unknown_action', 'x'],
    [{ action: ['ping'], id: 'x' }, 'unknown_action', 'x'],
    [{ action: 'ping', id: 7 }, 'invalid_field', undefined],
    [{ action: 'ping', id: '' }, 'invalid_field', undefined],
    [{ action: 'ping', id: 'x'.repeat(65) }, 'invalid_field', undefined],
    [{ ...ping, extra: 1 }, 'invalid_field', 'p'],
    [{ action: 'join', id: 'x' }, 'invalid_field', 'x'],
    [{ action: 'auth', id: 'x', token: 7 }, 'invalid_field', 'x'],
    [{ ...message, content: 7 }, 'invalid_field', 'm'],
    [{ ...message, content: undefined }, 'invalid_field', 'm'],
    [{ ...message, clientId: 'a b' }, 'invalid_field', 'm'],
    [{ ...message, after: -1 }, 'invalid_field', 'm'],
    [{ ...message, after: 1.5 }, 'invalid_field', 'm'],
    [{ message: 7, id: 'x' }, 'invalid_field', 'x'],
  ])('such as %j is answered by an error that names it', async (frame, code, ref) => {
    const services = await withConnection();
    const answer = await speak(services, 'send', frame);
    expect(answer).toMatchObject({ type: 'error', code, retryable: false });
    expect(answer.ref).toBe(ref);
    expect(answer.message).toMatch(/\.$/);
    expect(await services.log.head('lobby')).toMatchObject({ seq: 0 });
    expect(services.entries).toMatchObject([{ result: 'refused', code, connectionId: 'c1' }]);
  });

  test('has a bounded answer, whatever its length', async () => {
    const services = await withConnection();
    const answer = await speak(services, 'send', { ...ping, ['x'.repeat(30_000)]: 1 });
    expect(JSON.stringify(answer).length).toBeLessThan(1_000);
  });

  test('is counted like any other', async () => {
    const services = await withConnection();
    for (let frame = 0; frame < FRAME_BURST; frame++) await speak(services, 'send', 'garbage');
    for (const frame of ['garbage', ping, message]) {
      expect(await speak(services, 'send', frame)).toMatchObject({
        code: 'rate_limited',
        retryable: true,
        retryAfter: 1,
      });
    }
    services.clock.advance(1_000);
    expect(await speak(services, 'room', ping)).toMatchObject({ type: 'pong' });
  });
});

describe.each<[Route, object]>([
  ['send', message],
  ['room', { action: 'join', id: 'j', room: 'music' }],
  ['room', { action: 'leave', id: 'l', room: 'lobby' }],
  ['room', ping],
])('of the route %s, the frame %j', (route, frame) => {
  const ref = (frame as { id: string }).id;

  test('of a connection that nobody knows is refused', async () => {
    expect(await speak(fakeServices(), route, frame)).toMatchObject({
      code: 'connection_gone',
      ref,
    });
  });

  test('is refused once the token has expired', async () => {
    const services = await withConnection({ authUntil: START + 1_000 });
    services.clock.advance(1_000);
    expect(await speak(services, route, frame)).toMatchObject({ code: 'token_expired', ref });
  });

  test('is not served on another route', async () => {
    const services = await withConnection();
    const other = route === 'send' ? 'room' : 'send';
    expect(await speak(services, other, frame)).toMatchObject({ code: 'unknown_action', ref });
  });

  test('is refused as binary that is not UTF-8, and not stored with U+FFFD in it', async () => {
    const services = await withConnection();
    const bytes = Buffer.from(JSON.stringify({ ...frame, extra: '\xe4' }), 'latin1');
    const body = bytes.toString('base64');
    const answer = await speak(services, route, '', { body, isBase64Encoded: true });
    expect(answer).toMatchObject({ type: 'error', code: 'malformed_json' });
  });

  test('may come as binary', async () => {
    const services = await withConnection();
    const body = Buffer.from(JSON.stringify(frame)).toString('base64');
    const answer = await speak(services, route, '', { body, isBase64Encoded: true });
    expect(answer).toMatchObject({ ref });
    expect(answer.type).not.toBe('error');
  });

  test('that fails on our side is answered without a word about it', async () => {
    const services = await withConnection();
    const fault = () => Promise.reject(new Error('table parlor-7 is down'));
    services.connections.touch = fault;
    const answer = await speak(services, route, frame);
    expect(answer).toMatchObject({ code: 'internal', ref, retryable: true });
    expect(JSON.stringify(answer)).not.toContain('parlor-7');
    expect(services.entries).toMatchObject([{ result: 'failed', code: 'internal' }]);
    expect(services.entries[0]?.error).toContain('parlor-7');
  });
});

test('a frame without a body is answered like any garbage', async () => {
  const services = await withConnection();
  for (const body of [null, undefined]) {
    expect(await speak(services, 'send', '', { body })).toMatchObject({ code: 'malformed_json' });
  }
});
