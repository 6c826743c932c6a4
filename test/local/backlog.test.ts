import { expect, test } from '@jest/globals';
import { dynamoInbox } from '../../lambdas/aws/inbox.ts';
import type { QueuedDraft } from '../../lambdas/chat/ports/inbox.ts';
import { Backlog } from '../../local/backlog.ts';
import { memoryTable } from '../../local/database.ts';
import { said } from '../fakes/samples.ts';

const draftIn = (room: string, id: string, leftAt: number): QueuedDraft => ({
  ...{ room, id, leftAt, clientId: id, ...said('hello'), userId: 'ann', sender: 'Ann' },
  searched: 0,
  after: undefined,
});

test('a room is late while a draft waits in its inbox for long, and no other room is', async () => {
  let now = 0;
  const backlog = new Backlog(() => now);
  const { inbox } = backlog.watch({ inbox: dynamoInbox(memoryTable()) });
  await inbox.enqueue(draftIn('hall', '1', 0));
  await inbox.enqueue(draftIn('hall', '2', 900));
  await inbox.enqueue(draftIn('attic', '3', 900));
  now = 1_100;
  expect([backlog.isLate('hall'), backlog.isLate('attic')]).toEqual([true, false]);
  await inbox.remove([draftIn('hall', '1', 0)]);
  expect(backlog.isLate('hall')).toBe(false);
  now = 2_000;
  expect(backlog.isLate('hall')).toBe(true);
  await inbox.remove(await inbox.read('hall', 10));
  expect(backlog.isLate('hall')).toBe(false);
});
