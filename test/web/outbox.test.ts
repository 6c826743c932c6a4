import { describe, expect, test } from '@jest/globals';
import { Outbox } from '../../web/outbox.ts';

function outboxWith(...clientIds: string[]): Outbox {
  const outbox = new Outbox();
  for (const clientId of clientIds) outbox.add(`says ${clientId}`, clientId);
  return outbox;
}

describe('the outbox', () => {
  test('gives one draft at a time, in the order they were written', () => {
    const outbox = outboxWith('a', 'b');
    expect(outbox.next()?.clientId).toBe('a');
    outbox.mark('a', 'sent');
    expect(outbox.next()).toBeUndefined();
    outbox.mark('a', 'stored');
    expect(outbox.next()?.clientId).toBe('b');
  });

  test('sends again after a reconnect what had no answer, under the same clientId', () => {
    const outbox = outboxWith('a', 'b');
    outbox.mark('a', 'sent');
    outbox.requeue();
    expect(outbox.next()).toMatchObject({ clientId: 'a', content: 'says a' });
  });

  test('a failed draft stays, tells why, and holds up no other', () => {
    const outbox = outboxWith('a', 'b');
    outbox.mark('a', 'failed', 'Too long.');
    expect(outbox.drafts[0]).toMatchObject({ state: 'failed', reason: 'Too long.' });
    expect(outbox.next()?.clientId).toBe('b');
    outbox.requeue();
    expect(outbox.next()?.clientId).toBe('b');
  });

  test('a settled draft is gone, and a late answer to it changes nothing', () => {
    const outbox = outboxWith('a');
    outbox.settle('a');
    outbox.mark('a', 'failed', 'No answer came.');
    expect(outbox.drafts).toEqual([]);
  });

  test('what had no answer is sent again, three times in all, and as often when its writer asks', () => {
    const outbox = outboxWith('a');
    for (const expected of ['waiting', 'waiting', 'failed']) {
      outbox.mark('a', 'sent');
      outbox.unanswered('a', 'No answer came.');
      expect(outbox.drafts[0]?.state).toBe(expected);
    }
    expect(outbox.drafts[0]?.reason).toBe('No answer came.');
    outbox.retry('a');
    outbox.mark('a', 'sent');
    outbox.unanswered('a', 'No answer came.');
    expect(outbox.next()?.clientId).toBe('a');
  });

  test('an answer that is overdue is none when it has come meanwhile', () => {
    const outbox = outboxWith('a');
    outbox.mark('a', 'sent');
    outbox.mark('a', 'stored');
    outbox.unanswered('a', 'No answer came.');
    expect(outbox.drafts[0]?.state).toBe('stored');
  });
});
