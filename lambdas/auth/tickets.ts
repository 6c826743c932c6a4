import { createHash } from 'node:crypto';
import { ParlorError } from '../../protocol/errors.ts';
import { TICKET_LIFETIME } from '../../protocol/limits.ts';
import type { Clock, Random } from '../chat/ports/clock.ts';
import type { TicketStore } from '../chat/ports/ticket-store.ts';
import type { Claims } from './tokens.ts';

/**
 * One-time tickets: what stands in a URL ends up in logs, and a ticket that is found there has
 * been used. RFC 9700, 4.3.2.
 */
export interface TicketPorts {
  tickets: TicketStore;
  clock: Clock;
  random: Random;
}

/** Whom a credential speaks for, by which login, and until when (milliseconds since 1970). */
export type Identity = Pick<Claims, 'userId' | 'expiresAt'> &
  Partial<Pick<Claims, 'sessionId'>> & {
    /** Of `Caller`. */
    strictExpiry?: boolean | undefined;
  };

/**
 * Gives a ticket that opens one socket, no longer than the token by which it is got is good.
 *
 * @returns the ticket, and for how many seconds it can be used
 */
export async function issueTicket(
  { tickets, clock, random }: TicketPorts,
  { userId, sessionId, expiresAt: authUntil, strictExpiry }: Identity,
): Promise<{ ticket: string; expiresIn: number }> {
  const ticket = random.id();
  const now = clock.now();
  const goodUntil = Math.min(now + TICKET_LIFETIME * 1_000, authUntil);
  await tickets.keep(hashOf(ticket), {
    userId,
    ...(sessionId !== undefined && { sessionId }),
    ...(strictExpiry && { strictExpiry }),
    authUntil,
    goodUntil,
  });
  return { ticket, expiresIn: Math.floor((goodUntil - now) / 1_000) };
}

/**
 * Uses a ticket up.
 *
 * @returns what the token said by which it was got
 * @throws ParlorError `ticket_not_valid`
 */
export async function redeemTicket(
  { tickets, clock }: Pick<TicketPorts, 'tickets' | 'clock'>,
  ticket: string,
  connectionId: string,
): Promise<Identity> {
  const held = await tickets.redeem(hashOf(ticket), connectionId, clock.now());
  if (held) {
    const { userId, sessionId, authUntil: expiresAt, strictExpiry } = held;
    return { userId, sessionId, expiresAt, ...(strictExpiry && { strictExpiry }) };
  }
  throw new ParlorError(
    'ticket_not_valid',
    'The ticket was used, has expired, or was never given. Get another and try again.',
  );
}

/** A ticket has 122 random bits: nothing is gained by a slower hash. */
const hashOf = (ticket: string) => createHash('sha256').update(ticket).digest('hex');
