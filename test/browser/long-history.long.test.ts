import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { ENGINE } from './engine.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, log, messages, say, stored } from './room-page.ts';
import { driftWhileLoading, readToTheStart } from './scrolling.ts';
import { seedRoom } from './seeded-room.ts';
import { tell } from './tell.ts';
import { typingCost } from './typing.ts';

const MESSAGES = 10_000;
const LIBRARY = '/room/library';
/** A frame at 60 Hz takes 17 ms; half of one is left for what else the page does. */
const KEY_MS = 8;
/** Two frames at 60 Hz: no more than half of them may take longer. */
const FRAME_MS = 34;
/** Of what is on the screen when something is loaded beside it, in pixels. */
const UNNOTICED = 4;

describeInBrowser('a room with ten thousand messages', (visit) => {
  let chat: Stack;
  let alice: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice] = await Promise.all([newLogin(chat.url, 'alice'), seedRoom(chat, 'library', MESSAGES)]);
    return () => chat.close();
  }, 30_000);

  const message = (page: Page, seq: number) => messages(page, `message ${seq}.`);

  test('reads back to its first message, and stays quick to type in', async () => {
    const { page } = await visit(chat.url + LIBRARY, { as: alice });
    await message(page, MESSAGES).waitFor();
    await readToTheStart(page);
    await message(page, 1).waitFor();
    // The others are not in the document.
    expect(await messages(page).count()).toBeLessThan(100);

    await composer(page).click();
    const cost = await typingCost(page, 'typing as people do. '.repeat(10));
    const key = cost.cpuPerKeyMs?.toFixed(2) ?? 'unknown';
    const frame = cost.medianFrameMs.toFixed(1);
    tell(`With 10,000 messages a key takes ${key} ms of the processor, a frame ${frame} ms.`);
    if (ENGINE === 'chromium') expect(cost.cpuPerKeyMs).toBeLessThan(KEY_MS);
    expect(cost.medianFrameMs).toBeLessThan(FRAME_MS);

    await say(page, 'at the end');
    await stored(page, 'at the end').waitFor();
    expect(await isOnScreen(page, stored(page, 'at the end'))).toBe(true);
  }, 90_000);

  test('opens at the message that a link leads to, and grows at both ends without a jump', async () => {
    const { page } = await visit(`${chat.url}${LIBRARY}/5000`, { as: alice });
    await message(page, 5_000).waitFor();
    expect(await isOnScreen(page, message(page, 5_000))).toBe(true);
    // Of two days ago: the times alone don't tell.
    const day = page.locator('.top-day');
    expect(await day.textContent()).toMatch(/^\w+day, /);
    expect(await driftWhileLoading(page, 'older')).toBeLessThanOrEqual(UNNOTICED);
    expect(await driftWhileLoading(page, 'newer')).toBeLessThanOrEqual(UNNOTICED);

    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await message(page, MESSAGES).waitFor();
    await day.waitFor({ state: 'detached' });
    expect(await driftWhileLoading(page, 'older')).toBeLessThanOrEqual(UNNOTICED);
  }, 60_000);
});

async function isOnScreen(page: Page, line: Locator): Promise<boolean> {
  const [list, box] = await Promise.all([log(page).boundingBox(), line.boundingBox()]);
  if (!list || !box) return false;
  return box.y >= list.y - 1 && box.y + box.height <= list.y + list.height + 1;
}
