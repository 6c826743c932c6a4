import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FakeServices } from '../fakes/services.ts';
import { act, aRoom, get, say } from './a-room.ts';

/** Said, changed and deleted at random, by pumps of which some die in the middle of their work. */
type Step =
  | { do: 'say' | 'pump' }
  | { do: 'edit'; of: number; base: 'newest' | 'first' }
  | { do: 'delete'; of: number }
  | { do: 'die'; after: number };

const of = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('say' as const, 'pump' as const) }),
  fc.record({ do: fc.constant('edit' as const), of, base: fc.constantFrom('newest', 'first') }),
  fc.record({ do: fc.constant('delete' as const), of }),
  fc.record({ do: fc.constant('die' as const), after: fc.nat({ max: 3 }) }),
) as fc.Arbitrary<Step>;

/** Lets so many folds and erasures pass; those that follow die. */
function mortal(services: FakeServices): { dieAfter: (calls: number) => void; live: () => void } {
  let left = Number.POSITIVE_INFINITY;
  const pass = () => {
    if (left-- <= 0) throw new Error('It died.');
  };
  const { put } = services.overlays;
  const { erase } = services.log;
  services.overlays.put = async (...args) => {
    pass();
    return await put(...args);
  };
  services.log.erase = async (...args) => {
    pass();
    await erase(...args);
    pass();
  };
  return {
    dieAfter: (calls) => {
      left = calls;
    },
    live: () => {
      left = Number.POSITIVE_INFINITY;
    },
  };
}

test('whatever was changed and deleted, and whoever died at it, all ends as was acknowledged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const services = await aRoom();
      const { dieAfter, live } = mortal(services);
      /** By the seqs of messages: their texts, and the versions that these are. */
      const messages: { seq: number; version: number; content: string; deleted: boolean }[] = [];
      const texts: string[] = [];
      const text = () => {
        texts.push(`text ${texts.length}.`);
        return texts.at(-1) ?? '';
      };
      for (const each of steps) {
        if (each.do === 'die') dieAfter(each.after);
        if (each.do === 'pump') {
          live();
          // The lease of one that died runs out.
          services.clock.advance(16_000);
          await services.fanOut.wake('lobby', false);
        }
        if (each.do === 'say') {
          const content = text();
          const { seq } = (await say(services, content)) as { seq: number };
          messages.push({ seq, version: seq, content, deleted: false });
        }
        const message = 'of' in each ? messages[each.of] : undefined;
        if (each.do === 'edit' && message) {
          const baseVersion = each.base === 'newest' ? message.version : message.seq;
          const content = text();
          const answer = await act(services, {
            action: 'edit',
            seq: message.seq,
            content,
            baseVersion,
          });
          const refusal = message.deleted
            ? 'message_deleted'
            : baseVersion !== message.version && 'edit_conflict';
          if (refusal) expect(answer).toMatchObject({ code: refusal });
          else Object.assign(message, { content, version: answer.seq });
        }
        if (each.do === 'delete' && message) {
          const answer = await act(services, { action: 'delete', seq: message.seq });
          if (message.deleted) expect(answer).toMatchObject({ code: 'message_deleted' });
          else Object.assign(message, { content: '', deleted: true });
        }
      }
      live();
      services.clock.advance(16_000);
      await services.fanOut.wake('lobby', false);

      const { results } = (await get(services, '/api/rooms/lobby/messages/', 'limit=200')).body;
      expect(results.map(({ content }: { content: string }) => content).reverse()).toEqual(
        messages.map(({ content }) => content),
      );
      // Of all that was ever said nothing else is left, in the log or beside it.
      const left = JSON.stringify([
        await services.log.readForward('lobby', 0, 1_000),
        await services.overlays.between('lobby', 0, 1_000),
      ]);
      const current = messages.map(({ content }) => content);
      const stale = texts.filter((said) => !current.includes(said));
      expect(stale.filter((said) => left.includes(said))).toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 60_000);
