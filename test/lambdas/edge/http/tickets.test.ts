import { describe, expect, test } from '@jest/globals';
import { START } from '../../../fakes/fake-clock.ts';
import { ticketHashes } from '../../../fakes/ticket-hashes.ts';
import { ask, withToken } from './asking.ts';

describe('a ticket', () => {
  test('is given for a token, and stands for as long', async () => {
    const { services, token } = await withToken();
    const { status, headers, body } = await ask(services, 'POST', '/api/tickets/', { token });
    expect([status, body]).toEqual([201, { ticket: expect.any(String), expiresIn: 30 }]);
    expect(headers['cache-control']).toBe('no-store');
    const [hash = ''] = await ticketHashes(services.table);
    const held = await services.tickets.redeem(hash, 'c1', START);
    // A token counts in seconds.
    const authUntil = Math.floor(START / 1_000) * 1_000 + 300_000;
    expect(held).toEqual({ userId: 'alice', authUntil, goodUntil: START + 30_000 });
  });

  test('stands nowhere in the log', async () => {
    const { services, token } = await withToken();
    const { body } = await ask(services, 'POST', '/api/tickets/', { token });
    expect(services.entries).toMatchObject([
      { route: 'createTicket', result: 'ok', userId: 'alice' },
    ]);
    expect(JSON.stringify(services.entries)).not.toContain(body.ticket);
  });

  test('is not given to a disabled account', async () => {
    const { services, token } = await withToken();
    await services.accounts.setDisabled('alice', true);
    expect(await ask(services, 'POST', '/api/tickets/', { token })).toMatchObject({
      ...{ status: 401, body: { code: 'user_inactive' } },
    });
    expect(await ticketHashes(services.table)).toEqual([]);
  });
});

test('/api/me/ tells who one is', async () => {
  const { services, token } = await withToken({ username: 'Alice' });
  const { status, body } = await ask(services, 'GET', '/api/me/', { token });
  expect([status, body]).toEqual([200, { username: 'Alice', userId: 'alice' }]);
});
