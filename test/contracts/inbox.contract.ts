import { describe, expect, test } from '@jest/globals';
import { forEachParallel } from '../../lambdas/chat/parallel.ts';
import type { Inbox, QueuedDraft } from '../../lambdas/chat/ports/inbox.ts';
import { CONTENT_BYTES, GROUP_EVENTS } from '../../protocol/limits.ts';
import { START } from '../fakes/fake-clock.ts';
import { aQueuedDraft, said } from '../fakes/samples.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** Drafts of which each was left a millisecond after the one before. */
const drafts = (count: number, given: Partial<QueuedDraft> = {}): QueuedDraft[] =>
  Array.from({ length: count }, (_, n) =>
    aQueuedDraft({ id: `draft-${n + 1}`, leftAt: START + n, ...given }),
  );

/** @param open an empty inbox for each test */
export function inboxContract(name: string, open: () => Promise<Inbox>): void {
  describe(`an inbox ${name}`, () => {
    async function inboxOf(...left: QueuedDraft[]): Promise<Inbox> {
      const inbox = await open();
      await forEachParallel(left, 50, (draft) => inbox.enqueue(draft));
      return inbox;
    }

    test('of a room where nothing was left is empty', async () => {
      const inbox = await inboxOf();
      expect(await inbox.read('lobby', 10)).toEqual([]);
    });

    test('gives a draft back as it was left', async () => {
      const full = aQueuedDraft({
        id: '9f2c',
        content: '  <b>"ä"\n\t日本語 🙂</b> \\ ',
        after: 3,
        searched: 17,
        reply: { connectionId: 'd1Y6deLooAMCJxA=', ref: '!~' },
      });
      const inbox = await inboxOf(full);
      expect(await inbox.read('lobby', 10)).toEqual([full]);
      const unheard = aQueuedDraft({
        id: 'other',
        type: 'unheard',
        payload: { list: [1.5, '', null, { b: true, a: 1e200 }], text: '\ud83d', none: {} },
      });
      expect(await (await inboxOf(unheard)).read('lobby', 10)).toEqual([unheard]);
      const bare = aQueuedDraft({ id: 'bare', after: undefined, reply: undefined });
      const replied = aQueuedDraft({ id: 'replied', reply: { connectionId: 'c', ref: undefined } });
      const other = await inboxOf(bare, replied);
      const read = await other.read('lobby', 10);
      expect(read.find(({ id }) => id === 'bare')).toEqual(bare);
      expect(read.find(({ id }) => id === 'replied')).toEqual(replied);
    });

    test('holds a draft once that was left twice', async () => {
      const inbox = await inboxOf(aQueuedDraft(), aQueuedDraft());
      expect(await inbox.read('lobby', 10)).toEqual([aQueuedDraft()]);
    });

    test('gives the oldest first, at most as many as are asked for', async () => {
      const left = drafts(40);
      const inbox = await inboxOf(...left.toReversed());
      expect(await inbox.read('lobby', 100)).toEqual(left);
      expect(await inbox.read('lobby', 40)).toEqual(left);
      expect(await inbox.read('lobby', 7)).toEqual(left.slice(0, 7));
      expect(await inbox.read('lobby', 1)).toEqual(left.slice(0, 1));
    });

    test.each(['x', '0'])('fills a page also when every id ends in %s', async (end) => {
      const left = drafts(30).map((draft) => ({ ...draft, id: draft.id + end }));
      const inbox = await inboxOf(...left);
      expect(await inbox.read('lobby', 20)).toEqual(left.slice(0, 20));
    });

    test('fills a page with more than the database gives at once', async () => {
      // Nearly 11 KB each with its key, where a page of DynamoDB ends at 1 MB.
      const room = '🙂'.repeat(100);
      const sender = '𝒜'.repeat(150);
      const userId = 'x'.repeat(900);
      const content = 'x'.repeat(CONTENT_BYTES);
      const reply = { connectionId: 'd1Y6deLooAMCJxA=', ref: '~'.repeat(64) };
      const left = drafts(GROUP_EVENTS, { room, ...said(content), sender, userId, reply });
      const alike = left.map((draft) => ({ ...draft, id: draft.id.padEnd(36, '-') }));
      const inbox = await inboxOf(...alike);
      const read = await inbox.read(room, GROUP_EVENTS);
      expect(read.map(({ id }) => id)).toEqual(alike.map(({ id }) => id));
    });

    test('removes these drafts and no others, and nothing twice', async () => {
      const left = drafts(12);
      const inbox = await inboxOf(...left, ...drafts(12, { room: 'music' }));
      const some = left.filter((_, n) => n % 3 === 0);
      await inbox.remove(some);
      await inbox.remove(some);
      await inbox.remove([]);
      await inbox.remove([aQueuedDraft({ id: 'never left' })]);
      expect(await inbox.read('lobby', 20)).toEqual(left.filter((_, n) => n % 3 !== 0));
      expect(await inbox.read('music', 20)).toHaveLength(12);
    });

    test('gives each of hundreds once to who removes what he has read', async () => {
      const left = drafts(350);
      const inbox = await inboxOf(...left);
      const seen: string[] = [];
      for (;;) {
        const group = await inbox.read('lobby', GROUP_EVENTS);
        seen.push(...group.map(({ id }) => id));
        await inbox.remove(group);
        if (group.length < GROUP_EVENTS) break;
      }
      expect(seen).toEqual(left.map(({ id }) => id));
      expect(await inbox.read('lobby', 10)).toEqual([]);
    });

    test('keeps rooms apart, whatever they are called', async () => {
      const inbox = await inboxOf(
        ...HOSTILE_NAMES.map((room) => aQueuedDraft({ room, content: `in ${room}` })),
      );
      for (const room of HOSTILE_NAMES) {
        expect(await inbox.read(room, 10)).toEqual([aQueuedDraft({ room, content: `in ${room}` })]);
      }
      await inbox.remove([aQueuedDraft({ room: 'a#b' })]);
      for (const room of HOSTILE_NAMES) {
        expect(await inbox.read(room, 10)).toHaveLength(room === 'a#b' ? 0 : 1);
      }
    });
  });
}
