import { describe, expect, test } from '@jest/globals';
import type { Ticket, TicketStore } from '../../lambdas/chat/ports/ticket-store.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 54, 1, 947);
const ticket: Ticket = { userId: 'alice', authUntil: NOW + 300_000, goodUntil: NOW + 30_000 };

/** @param open an empty store for each test */
export function ticketStoreContract(name: string, open: () => Promise<TicketStore>): void {
  describe(`a ticket store ${name}`, () => {
    async function holding(): Promise<TicketStore> {
      const store = await open();
      await store.keep('h', ticket);
      return store;
    }

    test('gives for a ticket what it stands for', async () => {
      expect(await (await holding()).redeem('h', 'c1', NOW)).toEqual(ticket);
    });

    test('keeps the login that it came from', async () => {
      const store = await open();
      await store.keep('h', { ...ticket, sessionId: 's' });
      expect(await store.redeem('h', 'c1', NOW)).toEqual({ ...ticket, sessionId: 's' });
    });

    test('keeps how strictly a socket is bound to the token', async () => {
      const store = await open();
      await store.keep('h', { ...ticket, strictExpiry: true });
      expect(await store.redeem('h', 'c1', NOW)).toEqual({ ...ticket, strictExpiry: true });
    });

    test('takes it once', async () => {
      const store = await holding();
      await store.redeem('h', 'c1', NOW);
      expect(await store.redeem('h', 'c2', NOW)).toBeUndefined();
      expect(await store.redeem('h', 'c3', NOW)).toBeUndefined();
    });

    test('gives it to one of fifty who try at once', async () => {
      const store = await holding();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, n) => store.redeem('h', `c${n}`, NOW)),
      );
      expect(outcomes.filter(Boolean)).toEqual([ticket]);
    });

    test('answers a connection that tries again like the first time', async () => {
      const store = await holding();
      await store.redeem('h', 'c1', NOW);
      expect(await store.redeem('h', 'c1', NOW)).toEqual(ticket);
    });

    test('does not know one that was never kept, nor makes it one', async () => {
      const store = await holding();
      expect(await store.redeem('other', 'c1', NOW)).toBeUndefined();
      expect(await store.redeem('other', 'c1', NOW)).toBeUndefined();
      expect(await store.redeem('h', 'c1', NOW)).toEqual(ticket);
    });

    test('knows it no more at its time, though its row is there', async () => {
      const store = await holding();
      expect(await store.redeem('h', 'c1', ticket.goodUntil)).toBeUndefined();
      expect(await store.redeem('h', 'c1', ticket.goodUntil - 1)).toEqual(ticket);
    });
  });
}
