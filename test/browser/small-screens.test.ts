import { expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, messages, roomEntry, stored } from './room-page.ts';
import { seededWords, seedRoom } from './seeded-room.ts';

const ROOM = 'r'.repeat(60);

describeInBrowser('a small screen', (visit) => {
  let chat: Stack;
  let alice: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    alice = await newLogin(chat.url, 'alice-with-quite-a-long-name');
    await seedRoom(chat, ROOM, 30);
    return () => chat.close();
  });

  test.each([768, 820, 900])(
    'of %i pixels shows all of the pane that one can touch',
    async (width) => {
      const { page } = await visit(`${chat.url}/room/${ROOM}`, {
        ...{ as: alice, viewport: { width, height: 800 }, hasTouch: true },
      });
      await roomEntry(page, ROOM).waitFor();
      expect(await page.evaluate(outsideOfThePane)).toEqual([]);
    },
    30_000,
  );

  test.each([320, 768])(
    'of %i pixels keeps the way out away from the room’s link',
    async (width) => {
      const { page } = await visit(`${chat.url}/room/${ROOM}`, {
        ...{ as: alice, viewport: { width, height: 700 }, hasTouch: true },
      });
      const [link, leave] = await Promise.all(
        ['Copy link to room', 'Leave room'].map((name) =>
          boxOf(page.getByRole('button', { name, exact: true })),
        ),
      );
      expect((leave?.x ?? 0) - (link?.right ?? 0)).toBeGreaterThanOrEqual(36);
      expect(leave?.right).toBeLessThanOrEqual(width);
    },
    30_000,
  );

  test('that is zoomed in to 400 % has all of the emoji picker, however much is written', async () => {
    const { page } = await visit(`${chat.url}/room/${ROOM}`, {
      ...{ as: alice, viewport: { width: 320, height: 256 } },
    });
    await composer(page).fill('1\n2\n3\n4\n5\n6');
    await page.getByRole('button', { name: 'Emoji' }).click();
    const search = page.getByRole('searchbox', { name: 'Search emoji' });
    await search.waitFor();
    for (const part of [search, page.getByRole('dialog', { name: 'Emoji' })]) {
      const { y, bottom } = await boxOf(part);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(256);
    }
    await search.pressSequentially('rocket');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await composer(page).inputValue()).toContain('🚀'));
  }, 30_000);

  test('where nothing moves still shows the message that a link led to', async () => {
    const { page } = await visit(`${chat.url}/room/${ROOM}/12`, {
      ...{ as: alice, reducedMotion: 'reduce' },
    });
    const line = stored(page, seededWords(12));
    await line.waitFor();
    const ground = (of: Locator) =>
      of.evaluate((element) => getComputedStyle(element).backgroundColor);
    await page.evaluate(someFrames);
    const other = await ground(messages(page, seededWords(13)));
    expect(await ground(line)).not.toBe(other);
  }, 30_000);

  test('asks before a room goes off the list', async () => {
    const { page } = await visit(`${chat.url}/room/${ROOM}`, {
      ...{ as: alice, viewport: { width: 360, height: 700 }, hasTouch: true },
    });
    await composer(page).waitFor();
    const leave = () => page.getByRole('button', { name: 'Leave room', exact: true }).click();
    const asked = page.getByRole('dialog', { name: 'Leave room' });
    await leave();
    await asked.getByRole('button', { name: 'Stay' }).click();
    await asked.waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe(`/room/${ROOM}`);
    await leave();
    await page.keyboard.press('Escape');
    await asked.waitFor({ state: 'detached' });
    await leave();
    await asked.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('link', { name: 'Go to the lobby' }).waitFor();
    await roomEntry(page, ROOM).waitFor({ state: 'detached' });
  }, 30_000);
});

async function boxOf(of: Locator) {
  const box = await of.boundingBox();
  if (!box) throw new Error('It is not on the screen.');
  return { ...box, right: box.x + box.width, bottom: box.y + box.height };
}

/** Runs in the page. @returns what of the pane with the rooms is not 8 pixels away from its sides */
function outsideOfThePane(): string[] {
  const pane = document.querySelector('.rooms-pane')?.getBoundingClientRect();
  const parts = document.querySelectorAll('.rooms-pane :is(button, label, time, .me, .badge)');
  return [...parts]
    .filter((part) => {
      const { left, right, width } = part.getBoundingClientRect();
      return pane && width > 1 && (left < pane.left + 8 || right > pane.right - 8);
    })
    .map((part) => part.outerHTML.slice(0, 80));
}

/** Runs in the page: longer than what is over at once. */
async function someFrames(): Promise<void> {
  for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame);
}
