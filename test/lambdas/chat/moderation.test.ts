import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { activeAccount } from '../../../lambdas/chat/accounts.ts';
import { identify, joinRoom, openConnection } from '../../../lambdas/chat/connections.ts';
import { changeAccount, requireSuperuser, setRemoved } from '../../../lambdas/chat/moderation.ts';
import { aConnection, anAccount } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';
import { atItsTurn } from './at-its-turn.ts';
import { heard, ROOM, stored } from './pumped-room.ts';

/** Alice with so many connections in the lobby and the music room, and Bob with one. */
async function withAlice(sockets: number): Promise<FakeServices> {
  const services = fakeServices();
  await services.accounts.create(anAccount());
  await services.accounts.create(anAccount({ username: 'Bob' }));
  const rooms = new Map([ROOM, 'music'].map((room) => [room, 0]));
  for (let n = 1; n <= sockets; n++) {
    await services.connections.add(aConnection({ id: `a${n}`, rooms }));
  }
  await services.connections.add(aConnection({ id: 'b', userId: 'bob', username: 'Bob' }));
  return services;
}

const ROOT = anAccount({ username: 'Root', superuser: true });

const codesTo = ({ gateway }: FakeServices, id: string): string[] =>
  gateway.framesTo(id).map((text) => JSON.parse(text).code);

describe('who is removed from a room', () => {
  test('gets nothing of it any more, on any of his sockets, and is told so', async () => {
    const services = await withAlice(3);
    await setRemoved(services, 'ALICE', ROOM, true);
    for (const id of ['a1', 'a2', 'a3']) {
      const [told, ...more] = services.gateway.framesTo(id).map((text) => JSON.parse(text));
      expect([told, more]).toMatchObject([{ code: 'removed_from_room', room: ROOM }, []]);
    }
    expect(codesTo(services, 'b')).toEqual([]);

    await services.fanOut.deliver(await stored(services, 1));
    expect(heard(services, 'b')).toEqual([1]);
    expect(services.gateway.framesTo('a1')).toHaveLength(1);
  });

  test('stays in his other rooms', async () => {
    const services = await withAlice(1);
    await setRemoved(services, 'Alice', ROOM, true);
    expect([...(await identify(services, 'a1')).rooms.keys()]).toEqual(['music']);
    expect(services.gateway.closed).toEqual([]);
  });

  test('can neither join it nor connect to it, until he is let in again', async () => {
    const services = await withAlice(1);
    await setRemoved(services, 'Alice', ROOM, true);
    const connection = await identify(services, 'a1');
    const arrival = {
      connectionId: 'new',
      account: anAccount(),
      room: ROOM,
      dialect: 'v1' as const,
      authUntil: services.clock.now() + 300_000,
      strictExpiry: false,
    };
    const refused = { code: 'removed_from_room' };
    await expect(joinRoom(services, connection, ROOM)).rejects.toMatchObject(refused);
    await expect(openConnection(services, arrival)).rejects.toMatchObject(refused);
    expect(await services.connections.find('new', services.clock.now())).toBeUndefined();

    await setRemoved(services, 'Alice', ROOM, false);
    expect(await joinRoom(services, connection, ROOM)).toEqual({ head: 0, unread: 0 });
    await openConnection(services, arrival);
  });

  test('is removed although one of his sockets fails', async () => {
    const services = await withAlice(3);
    services.gateway.set('a2', new Error('The gateway answered 500.'));
    await expect(setRemoved(services, 'Alice', ROOM, true)).rejects.toThrow('answered 500');
    for (const id of ['a1', 'a2', 'a3']) {
      expect((await identify(services, id)).rooms.has(ROOM)).toBe(false);
    }
  });

  test('is somebody, or the mistake is told', async () => {
    const services = await withAlice(0);
    await expect(setRemoved(services, 'nobody', ROOM, true)).rejects.toMatchObject({
      code: 'invalid_field',
      details: { fields: { username: ['There is no such user.'] } },
    });
  });
});

const arrivals = {
  joins: async (services: FakeServices) =>
    await joinRoom(services, aConnection({ id: 'a1', rooms: new Map([['music', 0]]) }), ROOM),
  connects: async (services: FakeServices) =>
    await openConnection(services, {
      connectionId: 'a1',
      account: anAccount(),
      room: ROOM,
      dialect: 'v1',
      authUntil: services.clock.now() + 300_000,
      strictExpiry: false,
    }),
};

describe.each(['joins', 'connects'] as const)('who %s while he is being removed', (how) => {
  test('is not in the room afterwards, whoever comes between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const services = fakeServices();
        await services.accounts.create(anAccount());
        if (how === 'joins') {
          const rooms = new Map([['music', 0]]);
          await services.connections.add(aConnection({ id: 'a1', homeRoom: 'music', rooms }));
        }
        const { connections, memberships } = services;
        const { touch, find, join, leave, add, remove, ofUser } = connections;
        const slow = atItsTurn({ touch, find, join, leave, add, remove, ofUser }, scheduler);
        const world = {
          ...services,
          connections: { ...connections, ...slow },
          memberships: atItsTurn(memberships, scheduler),
        };
        const arriving = arrivals[how](world).catch((error: { code: string }) => error.code);
        const removing = setRemoved(world, 'Alice', ROOM, true);
        await scheduler.waitFor(Promise.all([arriving, removing]));

        for await (const page of connections.inShard(ROOM, 0, services.clock.now())) {
          expect(page).toEqual([]);
        }
        const connection = await connections.find('a1', services.clock.now());
        expect(connection?.rooms.has(ROOM) ?? false).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('who is disabled', () => {
  test('has all his connections closed, and nobody else', async () => {
    const services = await withAlice(3);
    await changeAccount(services, ROOT, 'Alice', { disabled: true });
    expect(services.gateway.closed.toSorted()).toEqual(['a1', 'a2', 'a3']);
    const now = services.clock.now();
    expect(await services.connections.ofUser('alice', now)).toEqual([]);
    expect(await services.connections.ofUser('bob', now)).toHaveLength(1);
    await expect(identify(services, 'a1')).rejects.toMatchObject({ code: 'connection_gone' });
  });

  test('has a connection closed although its rows stay, and those gone at the next attempt', async () => {
    const services = await withAlice(3);
    const { remove } = services.connections;
    services.connections.remove = async (id) => {
      if (id === 'a2') throw new Error('Too fast.');
      await remove(id);
    };
    await expect(changeAccount(services, ROOT, 'Alice', { disabled: true })).rejects.toThrow(
      'Too fast.',
    );
    expect(services.gateway.closed.toSorted()).toEqual(['a1', 'a2', 'a3']);
    services.connections.remove = remove;
    await changeAccount(services, ROOT, 'Alice', { disabled: true });
    await expect(identify(services, 'a2')).rejects.toMatchObject({ code: 'connection_gone' });
  });

  test('is inactive until enabled again', async () => {
    const services = await withAlice(0);
    await changeAccount(services, ROOT, 'alice', { disabled: true });
    await expect(activeAccount(services.accounts, 'alice')).rejects.toMatchObject({
      code: 'user_inactive',
    });
    await changeAccount(services, ROOT, 'alice', { disabled: false });
    expect(await activeAccount(services.accounts, 'alice')).toMatchObject({ username: 'Alice' });
  });

  test('loses every connection although one of them fails', async () => {
    const services = await withAlice(3);
    services.gateway.set('a1', new Error('The gateway answered 500.'));
    await expect(changeAccount(services, ROOT, 'Alice', { disabled: true })).rejects.toThrow(
      'answered 500',
    );
    expect(services.gateway.closed.toSorted()).toEqual(['a2', 'a3']);
    expect(await services.connections.ofUser('alice', services.clock.now())).toEqual([]);
  });

  test('is somebody, or the mistake is told', async () => {
    const services = await withAlice(0);
    await expect(changeAccount(services, ROOT, 'nobody', { disabled: true })).rejects.toMatchObject(
      {
        code: 'invalid_field',
      },
    );
  });
});

describe('a superuser', () => {
  const withRoot = async (): Promise<FakeServices> => {
    const services = await withAlice(0);
    await services.accounts.create(ROOT);
    return services;
  };
  const alice = anAccount({ superuser: true });

  test('makes another one, who can take it back from the first', async () => {
    const services = await withRoot();
    await changeAccount(services, ROOT, 'Alice', { superuser: true });
    expect(await services.accounts.find('alice')).toMatchObject({ superuser: true });
    await changeAccount(services, alice, 'Root', { superuser: false });
    expect(await services.accounts.find('root')).toMatchObject({ superuser: false });
  });

  test.each([{ disabled: true }, { superuser: false }])(
    'can’t put %j upon himself as the last one',
    async (change) => {
      const services = await withRoot();
      const refused = { code: 'last_superuser' };
      await expect(changeAccount(services, ROOT, 'root', change)).rejects.toMatchObject(refused);
      expect(await services.accounts.find('root')).toEqual(ROOT);
      await changeAccount(services, ROOT, 'Alice', { superuser: true });
      await changeAccount(services, ROOT, 'root', change);
      expect(await services.accounts.find('root')).toMatchObject(change);
    },
  );

  test.each([{ superuser: true }, { superuser: true, disabled: true }])(
    'is not relieved by one who is disabled: %j',
    async (change) => {
      const services = await withRoot();
      await services.accounts.setDisabled('alice', true);
      await changeAccount(services, ROOT, 'Alice', change);
      const demoting = changeAccount(services, ROOT, 'root', { superuser: false });
      await expect(demoting).rejects.toMatchObject({ code: 'last_superuser' });
    },
  );

  test('remains, when two demote each other at once', async () => {
    const services = await withRoot();
    await services.accounts.setSuperuser('alice', true);
    const outcomes = await Promise.allSettled([
      changeAccount(services, ROOT, 'Alice', { superuser: false }),
      changeAccount(services, alice, 'Root', { superuser: false }),
    ]);
    const left = await Promise.all(['root', 'alice'].map((id) => services.accounts.find(id)));
    expect(left.filter((account) => account?.superuser)).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  test('has to say what to change', async () => {
    await expect(changeAccount(await withRoot(), ROOT, 'Alice', {})).rejects.toMatchObject({
      details: { fields: { disabled: ['Give this field, "superuser", or both.'] } },
    });
  });

  test('of another issuer is made by that issuer alone', async () => {
    const services = await withRoot();
    await services.accounts.recordOutside('corp:1', 'carol (corp)', 1_000);
    const making = changeAccount(services, ROOT, 'carol (corp)', { superuser: true });
    await expect(making).rejects.toMatchObject({ code: 'invalid_field' });
    const carol = { id: 'corp:1', username: 'carol (corp)', disabled: false, createdAt: 1_000 };
    await changeAccount(services, { ...carol, superuser: true }, 'Root', { disabled: true });
    expect(await services.accounts.find('root')).toMatchObject({ disabled: true });
  });
});

test('only superusers may moderate', () => {
  expect(() => requireSuperuser(anAccount({ superuser: true }))).not.toThrow();
  expect(() => requireSuperuser(anAccount())).toThrow(
    expect.objectContaining({ code: 'permission_denied' }),
  );
});
