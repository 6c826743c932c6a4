import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { PASSWORD } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { flaws } from './axe.ts';
import { describeInBrowser, testOnlyIn } from './browser.ts';
import { builtPage } from './built-page.ts';
import { ENGINE } from './engine.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { UNREACHABLE } from './problems.ts';
import { composer, messages, roomEntry, say, stored } from './room-page.ts';
import { seedRoom } from './seeded-room.ts';

const THEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 360, height: 740 },
  { width: 1_440, height: 900 },
];

const testOfTheSystem = testOnlyIn(
  'chromium',
  'Playwright does not tell Firefox what the system wishes, of colours and movement.',
);

const testOfAll = testOnlyIn(
  'chromium',
  'axe takes minutes in Firefox for all emoji, and finds in a document what it finds in any engine.',
);

describeInBrowser('the page for those who see, point or move otherwise', (visit) => {
  let chat: Stack;
  let alice: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    alice = await newLogin(chat.url, 'alice');
    // Only a room in which somebody spoke is on a list.
    for (const room of ['nook', 'darkroom', 'library']) await seedRoom(chat, room, 1);
    return () => chat.close();
  });

  /** Looks at the page as it is, small and large, in both themes. */
  async function expectFlawless(page: Page): Promise<void> {
    // What axe finds it finds in any engine; in Firefox it takes ten times as long.
    for (const size of ENGINE === 'chromium' ? SIZES : SIZES.slice(0, 1)) {
      await page.setViewportSize(size);
      for (const theme of ENGINE === 'chromium' ? THEMES : THEMES.slice(1)) {
        await page.evaluate(show, theme);
        await page.evaluate(allMovementsEnd);
        expect(await flaws(page)).toEqual([]);
      }
    }
  }

  test('axe finds nothing where one signs in', async () => {
    const { page } = await visit(chat.url, { reducedMotion: 'reduce' });
    await page.getByRole('heading', { name: 'Come in' }).waitFor();
    await expectFlawless(page);
  }, 40_000);

  testOfAll(
    'axe finds nothing among the rooms, in a room, among the emoji, and in dialogs',
    async () => {
      const { page, problems, goOffline, goOnline } = await visit(`${chat.url}/room/studio`, {
        as: alice,
        byLine: true,
        reducedMotion: 'reduce',
      });
      for (const words of ['hello', 'see https://example.com/a', '🎉']) {
        await composer(page).waitFor();
        await say(page, words);
        await stored(page, words).waitFor();
      }
      problems.expect(UNREACHABLE);
      await goOffline();
      await say(page, 'on its way');
      await page.getByRole('status', { name: 'Connection' }).getByText('No connection').waitFor();
      await expectFlawless(page);
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('dialog', { name: 'Log out' }).waitFor();
      await expectFlawless(page);
      await page.keyboard.press('Escape');
      await goOnline();
      await stored(page, 'on its way').waitFor();

      await page.getByRole('button', { name: 'Emoji' }).click();
      await page.getByRole('dialog', { name: 'Emoji' }).getByRole('button').first().waitFor();
      await expectFlawless(page);
      await page.keyboard.press('Escape');

      await page.getByRole('button', { name: 'Go to room' }).click();
      await page.getByRole('dialog', { name: 'Go to room' }).waitFor();
      await expectFlawless(page);
      await page.keyboard.press('Escape');

      await page.getByRole('link', { name: 'Parlor' }).click();
      await page.getByRole('link', { name: 'Go to the lobby' }).waitFor();
      await roomEntry(page, 'studio').waitFor();
      await expectFlawless(page);
    },
    60_000,
  );

  test('keys alone register, open a room, send, and read', async () => {
    const { page } = await visit(chat.url);
    await tabTo(page, page.getByLabel('Name'));
    await page.keyboard.type('keyes');
    await tabTo(page, page.getByRole('textbox', { name: 'Password' }));
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');

    const roomName = page.getByLabel('Open or make a room');
    await roomName.waitFor();
    await tabTo(page, roomName);
    await page.keyboard.type('den');
    await page.keyboard.press('Enter');
    await expectFocus(composer(page));
    await page.keyboard.type('one line');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('and another');
    await page.keyboard.press('Enter');
    await stored(page, 'one line\nand another').waitFor();

    await page.keyboard.press('ArrowUp');
    await expectFocus(messages(page, 'one line'));
    await page.keyboard.press('Escape');
    await expectFocus(composer(page));
    await page.keyboard.press('Control+k');
    await page.keyboard.type('lobb');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'lobb', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/room/lobb');
  }, 40_000);

  test('the focus goes along where the screen is for one thing only', async () => {
    const { page } = await visit(`${chat.url}/room/nook`, {
      as: alice,
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      prepare: (tab) => tab.addInitScript(haveNoMouse),
    });
    await composer(page).waitFor();
    await page.getByRole('link', { name: 'Back to your rooms' }).click();
    await expectFocus(page.getByRole('main', { name: 'Your rooms' }));
    await roomEntry(page, 'nook').click();
    await expectFocus(page.getByRole('main', { name: 'nook' }));
  }, 30_000);

  test('keys lead past the list of rooms', async () => {
    const { page } = await visit(chat.url, { as: alice });
    const skip = page.getByRole('button', { name: 'Skip the list of rooms' });
    await skip.waitFor();
    await page.keyboard.press('Tab');
    await expectFocus(skip);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expectFocus(page.getByRole('link', { name: 'Go to the lobby' }));
  }, 30_000);

  testOfTheSystem(
    'what is chosen can be told where the system chooses the colours',
    async () => {
      const { page } = await visit(`${chat.url}/room/darkroom`, { as: alice });
      await composer(page).waitFor();
      await page.goto(`${chat.url}/room/library`);
      await page.emulateMedia({ forcedColors: 'active' });
      await roomEntry(page, 'darkroom').waitFor();
      const chosen = await page.evaluate(chosenGround);
      expect(await groundOf(roomEntry(page, 'library'))).toBe(chosen);
      expect(await groundOf(page.locator('.theme-switch label').first())).toBe(chosen);
      await page.keyboard.press('Control+k');
      expect(await groundOf(page.getByRole('option', { selected: true }))).toBe(chosen);
    },
    30_000,
  );

  testOfTheSystem(
    'nothing moves for those who asked for that',
    async () => {
      const { page } = await visit(`${chat.url}/room/gallery`, { as: alice });
      await composer(page).waitFor();
      await say(page, 'look here');
      await stored(page, 'look here').waitFor();
      await page.goto(`${chat.url}/room/gallery/1`);
      const shown = stored(page, 'look here');
      await shown.waitFor();
      const lasts = () => shown.evaluate((line) => getComputedStyle(line).animationDuration);
      expect(await lasts()).toBe('3s');
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await lasts()).toBe('0.001s');
    },
    30_000,
  );
});

const groundOf = (element: Locator) =>
  element.evaluate((found) => getComputedStyle(found).backgroundColor);

/** Runs in the page. What the system puts behind what is chosen. */
function chosenGround(): string {
  const probe = document.createElement('p');
  document.body.append(probe);
  Object.assign(probe.style, { backgroundColor: 'Highlight', forcedColorAdjust: 'none' });
  const ground = getComputedStyle(probe).backgroundColor;
  probe.remove();
  return ground;
}

/** Runs in the page, as a touch screen has it: Playwright tells Firefox of none. */
function haveNoMouse(): void {
  const match = matchMedia.bind(window);
  window.matchMedia = (query) => match(query === '(hover: hover)' ? 'not all' : query);
}

/** Runs in the page: as its own switch does, which is not in reach everywhere. */
function show(theme: string): void {
  document.documentElement.dataset.theme = theme;
}

/** Runs in the page. Colours on their way from one theme to the other are of neither. */
async function allMovementsEnd(): Promise<void> {
  for (let moving = document.getAnimations(); moving.length > 0; ) {
    await Promise.allSettled(moving.map(({ finished }) => finished));
    moving = document.getAnimations();
  }
}

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab');
    if (await hasFocus(wanted)) return;
  }
  throw new Error(`Tab does not lead to ${wanted}.`);
}

const hasFocus = (element: Locator) =>
  element.evaluate((found) => found === document.activeElement);

const expectFocus = (element: Locator) =>
  eventually(async () => expect(await hasFocus(element)).toBe(true));
