import type { Connection } from '../../lambdas/chat/connection.ts';
import { filledIn } from '../../lambdas/chat/counters.ts';
import { MESSAGE, type MessageEvent, type RoomEvent } from '../../lambdas/chat/event.ts';
import type { Account } from '../../lambdas/chat/ports/account-store.ts';
import type { QueuedDraft } from '../../lambdas/chat/ports/inbox.ts';
import type { LogEnd } from '../../lambdas/chat/ports/lease-store.ts';
import type { Bound } from '../../lambdas/chat/size.ts';
import { START } from './fake-clock.ts';

/** Things of the domain with everything filled in; name what matters to the test. */

/** Whence somebody logs in. */
export const FROM = { network: '192.0.2.7' };

export function anAccount(given: Partial<Account> = {}): Account {
  const username = given.username ?? 'Alice';
  return {
    id: username.toLowerCase(),
    username,
    passwordHash: 'no hash',
    disabled: false,
    superuser: false,
    createdAt: START,
    ...given,
  };
}

export function aConnection(given: Partial<Connection> = {}): Connection {
  const homeRoom = given.homeRoom ?? 'lobby';
  return {
    id: 'd1Y6deLooAMCJxA=',
    userId: 'alice',
    username: 'Alice',
    dialect: 'v1',
    homeRoom,
    rooms: new Map([[homeRoom, 0]]),
    connectedAt: START,
    authUntil: START + 300_000,
    expiresAt: START + 7_500_000,
    ...given,
  };
}

/** What a message is in the log. */
export const said = (content: string) => ({ type: MESSAGE, payload: { content } });

/** Most events are messages, and say a text. */
type Said<Thing> = Partial<Thing> & { content?: string };

export function anEvent({ content, ...given }: Said<RoomEvent> = {}): MessageEvent {
  const seq = given.seq ?? 1;
  return {
    type: 'message',
    room: 'lobby',
    seq,
    id: `event-${seq}`,
    userId: 'alice',
    sender: 'Alice',
    clientId: `client-${seq}`,
    payload: { content: content ?? `message ${seq}` },
    at: START + seq,
    ...filledIn(seq, given),
    ...given,
    // Another kind may be given; who does knows.
  } as MessageEvent;
}

/** An event of a kind that nobody knows; it stands behind messages alone. */
export function another(given: Partial<RoomEvent> = {}): RoomEvent {
  const seq = given.seq ?? 1;
  const counters = { n: seq - 1, m: seq - 1, p: 0, g: 0 };
  return { ...anEvent({ seq }), type: 'unheard', payload: { of: seq }, ...counters, ...given };
}

/** A page of at most so many, whatever they weigh. */
export const atMost = (count: number): Bound<unknown> => ({
  count,
  bytes: Number.POSITIVE_INFINITY,
  bytesOf: () => 1,
});

export function aQueuedDraft({ content, ...given }: Said<QueuedDraft> = {}): QueuedDraft {
  const id = given.id ?? 'draft-1';
  return {
    room: 'lobby',
    userId: 'alice',
    sender: 'Alice',
    type: MESSAGE,
    payload: { content: content ?? `content of ${id}` },
    id,
    clientId: `client of ${id}`,
    searched: 0,
    leftAt: START,
    ...given,
  };
}

/** A log that ends there, and is all messages. */
export const anEnd = (seq: number): LogEnd => ({ seq, ...filledIn(seq, {}) });
