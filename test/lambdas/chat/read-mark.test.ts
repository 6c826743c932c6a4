import { describe, expect, test } from '@jest/globals';
import { markRead } from '../../../lambdas/chat/read-mark.ts';
import { listRooms } from '../../../lambdas/chat/room-list.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anEvent, another, atMost } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';

const list = (services: FakeServices) => listRooms(services, 'alice', atMost(50));

/** Alice has been in the lobby, which holds so many messages. */
async function aLobby(messages: number): Promise<FakeServices> {
  const services = fakeServices();
  await services.memberships.visit('alice', 'lobby', START);
  for (let seq = 1; seq <= messages; seq++) await services.log.put(anEvent({ seq }));
  return services;
}

describe('a read mark', () => {
  const mark = (services: FakeServices, seq: number) => markRead(services, 'alice', 'lobby', seq);

  test('moves on, and never back', async () => {
    const services = await aLobby(3);
    expect(await mark(services, 2)).toBe(2);
    expect(await mark(services, 1)).toBe(2);
    expect(await mark(services, 3)).toBe(3);
  });

  test('beyond the head is refused, and changes nothing', async () => {
    const services = await aLobby(3);
    await expect(mark(services, 4)).rejects.toMatchObject({
      code: 'after_beyond_head',
      message: expect.stringContaining('newest seq is 3'),
    });
    expect((await list(services)).rooms).toMatchObject([{ read: 0 }]);
  });

  test('puts a room on the list in which its reader never was', async () => {
    const services = fakeServices();
    await services.log.put(anEvent({ seq: 1 }));
    expect(await mark(services, 0)).toBe(0);
    expect((await list(services)).rooms).toMatchObject([{ room: 'lobby', visitedAt: START }]);
  });

  test('is not for who was removed, and does not tell him where the room ends', async () => {
    const services = await aLobby(3);
    await services.memberships.setRemoved('alice', 'lobby', true);
    for (const seq of [1, 9]) {
      await expect(mark(services, seq)).rejects.toMatchObject({ code: 'removed_from_room' });
    }
  });

  test('is not for who is removed in the middle of it', async () => {
    const services = await aLobby(3);
    const { readBackward } = services.log;
    services.log.readBackward = async (room, ...range) => {
      await services.memberships.setRemoved('alice', room, true);
      return await readBackward(room, ...range);
    };
    await expect(mark(services, 1)).rejects.toMatchObject({ code: 'removed_from_room' });
    expect(await services.memberships.find('alice', 'lobby')).toMatchObject({ read: 0 });
  });

  describe('in a room that holds more than messages', () => {
    const counted = async ({ memberships }: FakeServices) =>
      (await memberships.find('alice', 'lobby')).readMessages;

    /** One message, three other events, and one message more. */
    async function aMixedLobby(): Promise<FakeServices> {
      const services = await aLobby(1);
      for (const seq of [2, 3, 4]) await services.log.put(anEvent({ seq, n: 1 }));
      await services.log.put(anEvent({ seq: 5, n: 2 }));
      return services;
    }

    test.each([
      { seq: 1, n: 1 },
      { seq: 3, n: 1 },
      { seq: 5, n: 2 },
    ])('counts the messages up to $seq: $n', async ({ seq, n }) => {
      const services = await aMixedLobby();
      await mark(services, seq);
      expect(await counted(services)).toBe(n);
    });

    test('counts the messages up to one that has expired, by what follows', async () => {
      const services = await aLobby(1);
      const { log } = services;
      const [first, second] = [another({ seq: 4, n: 3, m: 3 }), anEvent({ seq: 5, n: 4 })];
      // All up to seq 3 are gone.
      log.readBackward = async (_, before) => (before > 5 ? [second] : []);
      for (const next of [first, second]) {
        log.readForward = async () => [next];
        await mark(services, 3);
        expect(await counted(services)).toBe(3);
      }
    });

    test('costs one read more where it is not at the end', async () => {
      const services = await aMixedLobby();
      const { readBackward } = services.log;
      let reads = 0;
      services.log.readBackward = (...range) => {
        reads++;
        return readBackward(...range);
      };
      await mark(services, 5);
      expect(reads).toBe(1);
      await mark(services, 3);
      expect(reads).toBe(3);
    });
  });
});
