import type { Message, PendingMessage } from '../../client/index.ts';

/** Some message of bob's, but for what is told. */
export const message = (change: Partial<Message> = {}): Message => ({
  seq: 1,
  id: `id-${change.seq ?? 1}`,
  clientId: `client-${change.seq ?? 1}`,
  sender: 'bob',
  content: 'hello',
  timestamp: '2026-11-01T12:00:00.000000Z',
  ...change,
});

/** Some message on its way, but for what is told. */
export const pendingMessage = (change: Partial<PendingMessage> = {}): PendingMessage => ({
  clientId: 'mine',
  content: 'hello',
  createdAt: Date.parse('2026-11-01T12:00:00Z'),
  status: 'sending',
  ...change,
});
