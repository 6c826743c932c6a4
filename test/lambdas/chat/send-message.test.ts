import { describe, expect, test } from '@jest/globals';
import { requireJoined, sendMessage } from '../../../lambdas/chat/send-message.ts';
import { aConnection } from '../../fakes/samples.ts';
import { fakeServices } from '../../fakes/services.ts';

const draft = { room: 'lobby', userId: 'alice', sender: 'Alice', content: 'hello', clientId: 'c' };

describe('a message that is sent', () => {
  test('is stored, then brought to the room', async () => {
    const services = fakeServices();
    await services.connections.add(aConnection());
    const sent = await sendMessage(services, draft);
    expect(sent).toMatchObject({ duplicate: false, event: { seq: 1 }, fanOut: { delivered: 1 } });
    const [frame = ''] = services.gateway.framesTo(aConnection().id);
    expect(JSON.parse(frame)).toMatchObject({ content: 'hello', seq: 1, clientId: 'c' });
  });

  test('is brought to the room once, however often it is sent', async () => {
    const services = fakeServices();
    await services.connections.add(aConnection());
    await sendMessage(services, draft);
    const again = await sendMessage(services, draft);
    expect(again).toMatchObject({ duplicate: true, event: { seq: 1 } });
    expect(again.fanOut).toBeUndefined();
    expect(services.gateway.posted).toHaveLength(1);
  });

  test('is neither stored nor brought to anyone when its content is refused', async () => {
    const services = fakeServices();
    await services.connections.add(aConnection());
    const sending = sendMessage(services, { ...draft, content: ' ' });
    await expect(sending).rejects.toMatchObject({ code: 'content_empty' });
    expect(await services.log.head('lobby')).toMatchObject({ seq: 0 });
    expect(services.gateway.posted).toEqual([]);
  });

  test('is brought to nobody when it could not be stored', async () => {
    const services = fakeServices();
    await services.connections.add(aConnection());
    const put = () => Promise.reject(new Error('The log is down.'));
    const sending = sendMessage({ ...services, log: { ...services.log, put } }, draft);
    await expect(sending).rejects.toThrow('The log is down.');
    expect(services.gateway.posted).toEqual([]);
  });
});

describe('a connection', () => {
  test('speaks in the rooms that it is in, and in no other', () => {
    const connection = aConnection({ rooms: new Set(['lobby', 'music']) });
    expect(() => requireJoined(connection, 'music')).not.toThrow();
    expect(() => requireJoined(connection, 'Music')).toThrow(
      expect.objectContaining({ code: 'not_joined' }),
    );
  });
});
