import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, log, messages, say, stored } from './room-page.ts';
import { seedRoom } from './seeded-room.ts';

/** Longer than the page waits before it says that a message is on its way. */
const SLOW_MS = 2_500;

const SCREENS = [
  ['a desk', { width: 1_280, height: 800 }],
  ['a phone', { width: 360, height: 640 }],
] as const;

describeInBrowser('a message on its way', (visit) => {
  let chat: Stack;
  let alice: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice] = await Promise.all([newLogin(chat.url, 'alice'), seedRoom(chat, 'hall', 60)]);
    return () => chat.close();
  }, 60_000);

  /** Somebody who has said something in a full room, and is about to go on. */
  async function talking(
    viewport: { width: number; height: number },
    words: string,
  ): Promise<Page> {
    const { page } = await visit(`${chat.url}/room/hall`, {
      as: alice,
      viewport,
      prepare: (tab) => tab.addInitScript(slowSocket),
    });
    await stored(page, 'message 60.').waitFor();
    await say(page, words);
    await stored(page, words).waitFor();
    return page;
  }

  test.each(SCREENS)(
    'moves what is there once, on %s',
    async (_, viewport) => {
      const words = `begun ${viewport.width}`;
      const page = await talking(viewport, words);
      const quick = await positionsWhile(page, words, async () => {
        await say(page, `on ${viewport.width}`);
        await stored(page, `on ${viewport.width}`).waitFor();
      });
      expect(quick).toHaveLength(2);
      expect(quick[1]).toBeLessThan(quick[0] ?? 0);
    },
    40_000,
  );

  test.each(SCREENS)(
    'says so after a while, and moves nothing by that, on %s',
    async (_, viewport) => {
      const begun = `ready ${viewport.width}`;
      const page = await talking(viewport, begun);
      await page.evaluate((ms) => Object.assign(globalThis, { slowMs: ms }), SLOW_MS);
      const words = `slow ${viewport.width}`;
      const told: string[] = [];
      const slow = await positionsWhile(page, begun, async () => {
        await say(page, words);
        const delivery = messages(page, words).getByText('Sending…');
        await delivery.waitFor();
        const [list, box] = await Promise.all([log(page).boundingBox(), delivery.boundingBox()]);
        if (!list || !box) throw new Error('It is on the screen.');
        expect(box.height).toBeGreaterThan(8);
        expect(box.y + box.height).toBeLessThanOrEqual(list.y + list.height + 1);
        // Below the words, and over none of them.
        const line = await messages(page, words).locator('.words').boundingBox();
        expect(box.y).toBeGreaterThanOrEqual((line?.y ?? 0) + (line?.height ?? 0) - 1);
        told.push('sending');
        await stored(page, words).waitFor();
      });
      expect(told).toEqual(['sending']);
      expect(slow).toHaveLength(2);
    },
    40_000,
  );
});

/**
 * Where a message stands in each frame while something is done, and for some frames after.
 *
 * @returns its distances from the top of the page, as often as they change
 */
async function positionsWhile(
  page: Page,
  words: string,
  action: () => Promise<void>,
): Promise<number[]> {
  await composer(page).focus();
  const line = messages(page, words);
  await line.evaluate((article) => article.setAttribute('data-watched', ''));
  const watch = await page.evaluateHandle(watchPosition);
  await action();
  return await watch.evaluate((watched) => watched.end());
}

/** Runs in the page. */
function watchPosition() {
  const positions: number[] = [];
  let frames = Number.POSITIVE_INFINITY;
  const end = new Promise<number[]>((resolve) => {
    const look = () => {
      const line = document.querySelector('[data-watched]');
      const y = Math.round(line?.getBoundingClientRect().top ?? Number.NaN);
      if (positions.at(-1) !== y) positions.push(y);
      if (frames-- > 0) requestAnimationFrame(look);
      else resolve(positions);
    };
    requestAnimationFrame(look);
  });
  return {
    end: () => {
      frames = 20;
      return end;
    },
  };
}

/** Runs in the page, before it: messages reach the server `slowMs` later. */
function slowSocket(): void {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function slow(data) {
    const { slowMs = 0 } = globalThis as { slowMs?: number };
    const isMessage = typeof data === 'string' && data.includes('"sendMessage"');
    if (slowMs > 0 && isMessage) setTimeout(() => send.call(this, data), slowMs);
    else send.call(this, data);
  };
}
