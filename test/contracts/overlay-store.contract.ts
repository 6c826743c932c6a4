import { describe, expect, test } from '@jest/globals';
import type { Overlay } from '../../lambdas/chat/overlay.ts';
import type { OverlayStore } from '../../lambdas/chat/ports/overlay-store.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

const on = (target: number, given: Partial<Overlay> = {}): Overlay => ({
  room: 'lobby',
  target,
  asOf: target + 100,
  parts: { edit: { content: `text ${target}`, empty: '', list: [1.5, null] } },
  obsolete: [{ seq: target, what: 'content' }],
  ...given,
});

/** @param open an empty store for each test */
export function overlayStoreContract(name: string, open: () => Promise<OverlayStore>): void {
  describe(`a store of what hangs on messages ${name}`, () => {
    test('gives back what was put, and nothing where nothing was', async () => {
      const store = await open();
      expect(await store.put(on(3), 0)).toBe('stored');
      expect(await store.find('lobby', [2, 3])).toEqual([undefined, on(3)]);
      expect(await store.find('lobby', [])).toEqual([]);
      expect(await store.find('attic', [3])).toEqual([undefined]);
    });

    test('gives what hangs on the messages from one to another, by their seqs', async () => {
      const store = await open();
      for (const target of [9, 10, 11, 100]) await store.put(on(target), 0);
      await store.put(on(10, { room: 'attic' }), 0);
      expect(await store.between('lobby', 10, 99)).toEqual([on(10), on(11)]);
      expect(await store.between('lobby', 12, 13)).toEqual([]);
    });

    test('gives all of them, however long they are', async () => {
      const store = await open();
      const content = 'x'.repeat(8_000);
      const long = Array.from({ length: 150 }, (_, n) =>
        on(n + 1, { parts: { edit: { content } } }),
      );
      for (const overlay of long) await store.put(overlay, 0);
      expect(await store.between('lobby', 1, 200)).toEqual(long);
    });

    test('takes one only in the place of what it was folded from', async () => {
      const store = await open();
      await store.put(on(3, { asOf: 10 }), 0);
      expect(await store.put(on(3, { asOf: 11 }), 0)).toBe('outdated');
      expect(await store.put(on(3, { asOf: 11 }), 9)).toBe('outdated');
      expect(await store.put(on(3, { asOf: 12 }), 10)).toBe('stored');
      expect(await store.find('lobby', [3])).toEqual([on(3, { asOf: 12 })]);
      expect(await store.put(on(4), 9)).toBe('outdated');
    });

    test.each(HOSTILE_NAMES)('keeps a room called %j apart', async (room) => {
      const store = await open();
      await store.put(on(1, { room }), 0);
      expect(await store.find(room, [1])).toEqual([on(1, { room })]);
      expect(await store.find('lobby', [1])).toEqual([undefined]);
    });
  });
}
