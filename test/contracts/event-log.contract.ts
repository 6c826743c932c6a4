import { describe, expect, test } from '@jest/globals';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import { anEvent } from '../fakes/samples.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** @param open an empty log for each test */
export function eventLogContract(name: string, open: () => Promise<EventLog>): void {
  describe(`an event log ${name}`, () => {
    async function logOf(count: number, content?: string): Promise<EventLog> {
      const log = await open();
      for (let seq = 1; seq <= count; seq++) {
        await log.put(anEvent({ seq, ...(content && { content }) }));
      }
      return log;
    }

    test('of a room where nothing happened is empty', async () => {
      const log = await open();
      expect(await log.head('lobby')).toEqual({ seq: 0, at: 0 });
      expect(await log.readForward('lobby', 0, 10)).toEqual([]);
      expect(await log.readBackward('lobby', Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    });

    test('gives an event back as it was put', async () => {
      const log = await open();
      const event = anEvent({
        content: '  <b>"ä"\n\t日本語 🙂</b> \\ ',
        sender: '𝒜 lice',
        clientId: '!~',
      });
      expect(await log.put(event)).toBe('stored');
      expect(await log.readForward('lobby', 0, 10)).toEqual([event]);
      expect(await log.head('lobby')).toEqual({ seq: 1, at: event.at });
    });

    test('keeps the first event of a slot, whoever comes later', async () => {
      const log = await logOf(1);
      expect(await log.put(anEvent({ seq: 1, id: 'other', content: 'other' }))).toBe('taken');
      expect(await log.put(anEvent({ seq: 1 }))).toBe('taken');
      expect(await log.readForward('lobby', 0, 10)).toEqual([anEvent({ seq: 1 })]);
    });

    test('gives a slot to one of fifty who want it at once', async () => {
      const log = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, writer) => log.put(anEvent({ seq: 1, id: `${writer}` }))),
      );
      const winners = outcomes.flatMap((outcome, writer) => (outcome === 'stored' ? [writer] : []));
      expect(winners).toHaveLength(1);
      const [event] = await log.readForward('lobby', 0, 10);
      expect(event?.id).toBe(`${winners[0]}`);
    });

    test('pages forward, oldest first, without a gap', async () => {
      const log = await logOf(12);
      const seqs = async (after: number, limit: number) =>
        (await log.readForward('lobby', after, limit)).map(({ seq }) => seq);
      expect(await seqs(0, 5)).toEqual([1, 2, 3, 4, 5]);
      expect(await seqs(5, 5)).toEqual([6, 7, 8, 9, 10]);
      expect(await seqs(10, 5)).toEqual([11, 12]);
      expect(await seqs(7, 5)).toEqual([8, 9, 10, 11, 12]);
      expect(await seqs(12, 5)).toEqual([]);
      expect(await seqs(Number.MAX_SAFE_INTEGER, 5)).toEqual([]);
    });

    test('pages backward, newest first, without a gap', async () => {
      const log = await logOf(12);
      const seqs = async (before: number, limit: number) =>
        (await log.readBackward('lobby', before, limit)).map(({ seq }) => seq);
      expect(await seqs(Number.MAX_SAFE_INTEGER, 5)).toEqual([12, 11, 10, 9, 8]);
      expect(await seqs(8, 5)).toEqual([7, 6, 5, 4, 3]);
      expect(await seqs(3, 5)).toEqual([2, 1]);
      expect(await seqs(1, 5)).toEqual([]);
      expect(await seqs(0, 5)).toEqual([]);
    });

    test('sorts by number, where text would sort otherwise', async () => {
      const log = await open();
      const seqs = [8, 9, 10, 99, 100, 1_000_000, 2 ** 40, Number.MAX_SAFE_INTEGER - 1];
      for (const seq of seqs) await log.put(anEvent({ seq, at: 1 }));
      const forward = await log.readForward('lobby', 0, 100);
      expect(forward.map(({ seq }) => seq)).toEqual(seqs);
      expect((await log.head('lobby')).seq).toBe(Number.MAX_SAFE_INTEGER - 1);
    });

    test('fills a page with more events than the database gives at once', async () => {
      // 1.6 MB, where a page of DynamoDB ends at 1 MB.
      const log = await logOf(8, 'x'.repeat(200_000));
      const seqs = (events: { seq: number }[]) => events.map(({ seq }) => seq);
      expect(seqs(await log.readForward('lobby', 0, 8))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(seqs(await log.readForward('lobby', 0, 7))).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(seqs(await log.readBackward('lobby', 9, 8))).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
      expect(await log.head('lobby')).toEqual({ seq: 8, at: anEvent({ seq: 8 }).at });
    });

    test('keeps rooms apart, whatever they are called', async () => {
      const log = await open();
      for (const room of HOSTILE_NAMES) {
        expect(await log.put(anEvent({ room, content: `in ${room}` }))).toBe('stored');
      }
      for (const room of HOSTILE_NAMES) {
        const events = await log.readForward(room, 0, 10);
        expect(events).toEqual([anEvent({ room, content: `in ${room}` })]);
        expect((await log.head(room)).seq).toBe(1);
      }
    });
  });
}
