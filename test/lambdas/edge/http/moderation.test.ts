import { describe, expect, test } from '@jest/globals';
import type { Account } from '../../../../lambdas/chat/ports/account-store.ts';
import { anAccount } from '../../../fakes/samples.ts';
import { ask, withToken } from './asking.ts';

describe('moderation', () => {
  async function by(given: Partial<Account>) {
    const { services, token } = await withToken({ username: 'Root', ...given });
    await services.accounts.create(anAccount({ username: 'Bob' }));
    const post = (path: string, body: unknown) => ask(services, 'POST', path, { token, body });
    return { services, post };
  }
  const MEMBERS = '/api/rooms/lobby/members/';

  test('is for superusers', async () => {
    const { services, post } = await by({});
    for (const [path, body] of [
      [MEMBERS, { username: 'bob', removed: true }],
      ['/api/accounts/', { username: 'bob', disabled: true }],
    ] as const) {
      expect(await post(path, body)).toMatchObject({
        status: 403,
        body: {
          detail: 'You do not have permission to perform this action.',
          code: 'permission_denied',
        },
      });
    }
    expect(await services.memberships.isRemoved('bob', 'lobby')).toBe(false);
    expect(await services.accounts.find('bob')).toMatchObject({ disabled: false });
  });

  test('removes somebody from a room, and lets him in again', async () => {
    const { services, post } = await by({ superuser: true });
    for (const removed of [true, false]) {
      const body = { username: 'BOB', removed };
      expect(await post(MEMBERS, body)).toMatchObject({ status: 200, body });
      expect(await services.memberships.isRemoved('bob', 'lobby')).toBe(removed);
      expect(services.entries.at(-1)).toMatchObject({ userId: 'root', target: 'bob' });
    }
  });

  test('disables an account, and enables it again', async () => {
    const { services, post } = await by({ superuser: true });
    for (const disabled of [true, false]) {
      const body = { username: 'Bob', disabled };
      expect(await post('/api/accounts/', body)).toMatchObject({ status: 200, body });
      expect(await services.accounts.find('bob')).toMatchObject({ disabled });
      expect(services.entries.at(-1)).toMatchObject({ userId: 'root', target: 'bob' });
    }
  });

  test.each<[string, unknown, object]>([
    [MEMBERS, { username: 'nobody', removed: true }, { username: ['There is no such user.'] }],
    [MEMBERS, { username: 'bob' }, { removed: ['This field is required.'] }],
    [MEMBERS, { username: 'bob', removed: 'yes' }, { removed: ['Must be a valid boolean.'] }],
    ['/api/accounts/', { disabled: true }, { username: ['This field is required.'] }],
    [
      '/api/accounts/',
      { username: `corp:${'x'.repeat(296)}`, disabled: true },
      { username: ['This field must be at most 300 characters long.'] },
    ],
  ])('of %s with %j is refused field by field', async (path, body, fields) => {
    const { post } = await by({ superuser: true });
    const { status, body: answer } = await post(path, body);
    expect([status, answer]).toEqual([400, fields]);
  });

  test('of a room that can’t be is refused', async () => {
    const { post } = await by({ superuser: true });
    const answer = await post('/api/rooms/a b/members/', { username: 'bob', removed: true });
    expect(answer).toMatchObject({ status: 400, body: { code: 'room_name_invalid' } });
  });
});
