import { describe, expect, test } from '@jest/globals';
import { issueTicket, redeemTicket } from '../../../lambdas/auth/tickets.ts';
import { systemRandom } from '../../../lambdas/aws/services.ts';
import { START } from '../../fakes/fake-clock.ts';
import { fakeServices } from '../../fakes/services.ts';
import { ticketHashes } from '../../fakes/ticket-hashes.ts';

const alice = { userId: 'alice', expiresAt: START + 300_000 };
const refused = { code: 'ticket_not_valid', status: 401 };

describe('a ticket', () => {
  test('stands for the token by which it was got', async () => {
    const services = fakeServices();
    const { ticket, expiresIn } = await issueTicket(services, alice);
    expect(expiresIn).toBe(30);
    services.clock.advance(29_999);
    expect(await redeemTicket(services, ticket, 'c1')).toEqual(alice);
  });

  test('is of no use after 30 seconds', async () => {
    const services = fakeServices();
    const { ticket } = await issueTicket(services, alice);
    services.clock.advance(30_000);
    await expect(redeemTicket(services, ticket, 'c1')).rejects.toMatchObject(refused);
  });

  test('is of no use after its token has expired', async () => {
    const services = fakeServices();
    const brief = { userId: 'alice', expiresAt: START + 4_700 };
    const { ticket, expiresIn } = await issueTicket(services, brief);
    expect(expiresIn).toBe(4);
    services.clock.advance(4_700);
    await expect(redeemTicket(services, ticket, 'c1')).rejects.toMatchObject(refused);
  });

  test('opens one connection of fifty that try at once', async () => {
    const services = fakeServices();
    const { ticket } = await issueTicket(services, alice);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => redeemTicket(services, ticket, `c${n}`)),
    );
    const [failed, opened] = [
      outcomes.filter(({ status }) => status === 'rejected'),
      outcomes.filter(({ status }) => status === 'fulfilled'),
    ];
    expect(opened).toHaveLength(1);
    for (const failure of failed) expect(failure).toMatchObject({ reason: refused });
  });

  test('is not to be had by making one up, nor by what the store holds', async () => {
    const services = fakeServices();
    const { ticket } = await issueTicket(services, alice);
    const [hash = ''] = await ticketHashes(services.table);
    expect(hash).not.toContain(ticket);
    for (const made of ['', 'x', hash, `${ticket}x`, ticket.toUpperCase()]) {
      await expect(redeemTicket(services, made, 'c1')).rejects.toMatchObject(refused);
    }
    expect(await redeemTicket(services, ticket, 'c1')).toEqual(alice);
  });

  test('can be told from a token, stands in a URL and a header as it is, and is never the same', async () => {
    const services = { ...fakeServices(), random: systemRandom };
    const tickets = await Promise.all(
      Array.from({ length: 20 }, async () => (await issueTicket(services, alice)).ticket),
    );
    for (const ticket of tickets) expect(ticket).toMatch(/^[\w-]{32,}$/);
    expect(new Set(tickets).size).toBe(20);
  });
});
