import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, log, roomEntry, say, stored } from './room-page.ts';
import { seedRoom } from './seeded-room.ts';

/** The messages of the library are of the last hours. */
const MESSAGES = 60;
/** Far enough from the server's time for another day, whatever the time is. */
const TOMORROW_MS = 24 * 60 * 60_000;

describeInBrowser('a page that is open at midnight', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice, bob] = await Promise.all([
      newLogin(chat.url, 'alice'),
      newLogin(chat.url, 'bob'),
      seedRoom(chat, 'library', MESSAGES, { stepMs: 1 }),
    ]);
    return () => chat.close();
  });

  const day = (page: Page, name: string) => log(page).getByRole('heading', { name });

  test('calls yesterday what was today', async () => {
    const { page } = await visit(`${chat.url}/room/night`, {
      as: alice,
      prepare: (tab) => tab.clock.install(),
    });
    await composer(page).waitFor();
    await say(page, 'before midnight');
    await stored(page, 'before midnight').waitFor();
    await day(page, 'Today').waitFor();
    const entry = roomEntry(page, 'night').getByRole('time');
    const [time, weekday] = await page.evaluate(() => [
      new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(),
      new Intl.DateTimeFormat(undefined, { weekday: 'short' }).format(),
    ]);
    expect((await entry.textContent())?.length).toBe(time?.length);

    await page.clock.fastForward(await page.evaluate(msToMidnight));
    await day(page, 'Yesterday').waitFor();
    await entry.getByText(weekday ?? '').waitFor();
  }, 40_000);

  test('calls yesterday what was today when it slept, and is looked at again', async () => {
    const { page } = await visit(`${chat.url}/room/library`, { as: bob });
    await stored(page, `message ${MESSAGES}.`).waitFor();
    await log(page).hover();
    await page.mouse.wheel(0, -2_000);
    const topDay = page.locator('.top-day');
    await topDay.getByText('Today').waitFor();
    // Timers of a machine that sleeps are late: here none fires.
    await page.evaluate(movedClock, TOMORROW_MS);
    await topDay.getByText('Yesterday').waitFor();
  }, 30_000);
});

/** Runs in the page. */
const msToMidnight = () => new Date().setHours(24, 0, 0, 0) - Date.now();

/** Runs in the page: its clock jumps, and it comes into view. */
function movedClock(byMs: number): void {
  const now = Date.now;
  Date.now = () => now() + byMs;
  document.dispatchEvent(new Event('visibilitychange'));
}
