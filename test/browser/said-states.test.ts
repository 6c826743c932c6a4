import { expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, messages, roomEntry, say, stored } from './room-page.ts';
import { seededWords, seedRoom } from './seeded-room.ts';

describeInBrowser('what the page says of itself', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice, bob] = await Promise.all([newLogin(chat.url, 'alice'), newLogin(chat.url, 'bob')]);
    await seedRoom(chat, 'archive', 41);
    return () => chat.close();
  });

  test('is never that a room is empty while its list can’t be had', async () => {
    // One route whose answers change: between two routes the page would reach the server.
    let lost = /\/api\/rooms\//;
    const { page, problems } = await visit(`${chat.url}/room/archive`, {
      as: alice,
      prepare: (tab) =>
        tab.route('**/api/rooms/**', (route) =>
          lost.test(route.request().url()) ? route.fulfill({ status: 500 }) : route.continue(),
        ),
    });
    problems.expect(/500/);
    await page.getByText('Your rooms could not be loaded.').waitFor();
    const again = page.getByRole('main').getByRole('button', { name: 'Try again' });
    await again.waitFor();
    expect(await page.getByText(/othing said|obody has/).count()).toBe(0);
    lost = /\/api\/rooms\/(\?|$)/;
    await clickUnlessGone(again);
    await stored(page, seededWords(41)).waitFor();
    await roomEntry(page, 'archive').getByText(seededWords(41).slice(0, 60)).waitFor();
    expect(await page.getByText(/othing said|obody has/).count()).toBe(0);
  }, 30_000);

  test('is what keeps a room from being read, with a way to try at once', async () => {
    let down = true;
    const { page, problems } = await visit(`${chat.url}/room/archive`, {
      as: alice,
      prepare: (tab) =>
        tab.route(/\/api\/rooms\/archive\/(events|messages)/, (route) =>
          down ? route.fulfill({ status: 500 }) : route.continue(),
        ),
    });
    problems.expect(/500/);
    const alert = page.getByRole('alert').filter({ hasText: 'The server answered 500' });
    await alert.waitFor();
    expect(await page.getByText('Reading…').count()).toBe(0);
    // Two failures later the next attempt would take its time.
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor();
    down = false;
    await clickUnlessGone(alert.getByRole('button', { name: 'Try again' }));
    await stored(page, seededWords(41)).waitFor();
    await alert.waitFor({ state: 'detached' });
  }, 30_000);

  test('is where a message stands: on its way, behind another, or without a connection', async () => {
    const { page } = await visit(`${chat.url}/room/harbour`, { as: alice });
    await composer(page).waitFor();
    await say(page, 'before');
    await stored(page, 'before').waitFor();
    await page.evaluate(holdMessages);
    for (const words of ['one', 'two']) await say(page, words);
    await messages(page, 'one').getByText('Sending…').waitFor();
    await messages(page, 'two').getByText('Waits for its turn').waitFor();
    await page.evaluate(setNetwork, false);
    for (const words of ['one', 'two']) {
      await messages(page, words).getByText('Waits for the connection').waitFor();
    }
    await page.getByText('No connection.').waitFor();
    expect(await page.getByText('Sending…').count()).toBe(0);
    await page.evaluate(setNetwork, true);
    await page.evaluate(letGo);
    await stored(page, 'two').waitFor();
  }, 40_000);

  test('is that nobody ever spoke in a room, which is on the list once one does', async () => {
    const { page } = await visit(`${chat.url}/room/lobbby`, { as: alice });
    await page.getByText('Nobody has spoken in').waitFor();
    await composer(page).waitFor();
    expect(await roomEntry(page, 'lobbby').count()).toBe(0);
    await page.goto(`${chat.url}/room/archive`);
    await roomEntry(page, 'archive').waitFor();
    expect(await roomEntry(page, 'lobbby').count()).toBe(0);

    await page.goto(`${chat.url}/room/lobbby`);
    await page.getByText('Nobody has spoken in').waitFor();
    const other = await visit(`${chat.url}/room/lobbby`, { as: bob });
    await composer(other.page).waitFor();
    await say(other.page, 'is anybody here?');
    await roomEntry(page, 'lobbby').getByText('is anybody here?').waitFor();
    await page.goto(chat.url);
    await roomEntry(page, 'lobbby').getByText('is anybody here?').waitFor();
  }, 40_000);

  test('is that one’s own first words wait, in a room that is on the list by them', async () => {
    const { page } = await visit(`${chat.url}/room/outpost`, { as: alice });
    await page.getByText('Nobody has spoken in').waitFor();
    await page.evaluate(holdMessages);
    await say(page, 'first words');
    await roomEntry(page, 'outpost').getByText('Not sent yet').waitFor();
    await page.evaluate(letGo);
    await eventually(async () =>
      expect(await roomEntry(page, 'outpost').textContent()).toContain('first words'),
    );
  }, 40_000);
});

/** Runs in the page: messages go out when `letGo` lets them. */
function holdMessages(): void {
  const { send } = WebSocket.prototype;
  const held: (() => void)[] = [];
  WebSocket.prototype.send = function (this: WebSocket, frame: string) {
    if (JSON.parse(frame).action !== 'sendMessage') return send.call(this, frame);
    held.push(() => this.readyState === WebSocket.OPEN && send.call(this, frame));
  };
  Object.assign(window, {
    letGo: () => {
      WebSocket.prototype.send = send;
      for (const go of held) go();
    },
  });
}

/** Runs in the page. */
function letGo(): void {
  (window as unknown as { letGo(): void }).letGo();
}

/** Runs in the page: the browser says that there is a network, or none. */
function setNetwork(there: boolean): void {
  Object.defineProperty(navigator, 'onLine', { value: there, configurable: true });
  dispatchEvent(new Event(there ? 'online' : 'offline'));
}

/** The page tries again by itself, too: on a slow machine that may come first, and take the button away. */
async function clickUnlessGone(button: Locator): Promise<void> {
  try {
    await button.click({ timeout: 5_000 });
  } catch (error) {
    if ((await button.count()) > 0) throw error;
  }
}
