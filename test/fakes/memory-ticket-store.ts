import type { Ticket, TicketStore } from '../../lambdas/chat/ports/ticket-store.ts';

/** Tickets in memory. Nothing is deleted because it has expired. */
export function memoryTicketStore(): TicketStore & { hashes(): string[] } {
  const tickets = new Map<string, { ticket: Ticket; usedBy?: string }>();
  return {
    async keep(hash, ticket) {
      tickets.set(hash, { ticket: { ...ticket } });
    },
    async redeem(hash, connectionId, now) {
      const held = tickets.get(hash);
      if (!held || held.ticket.goodUntil <= now) return undefined;
      held.usedBy ??= connectionId;
      return held.usedBy === connectionId ? { ...held.ticket } : undefined;
    },
    hashes: () => [...tickets.keys()],
  };
}
