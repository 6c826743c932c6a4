import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { UNREACHABLE } from './problems.ts';
import { composer, log, messages, say, stored, wordsOf } from './room-page.ts';
import { seededWords, seedRoom } from './seeded-room.ts';
import { storedIn } from './stored-messages.ts';

describeInBrowser('a page that is cut off, left, or open twice', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice, bob] = await Promise.all([newLogin(chat.url, 'alice'), newLogin(chat.url, 'bob')]);
    return () => chat.close();
  });

  const enter = async (room: string, as: Login, { byLine = false } = {}) => {
    const visited = await visit(`${chat.url}/room/${room}`, { as, byLine });
    await composer(visited.page).waitFor();
    return visited;
  };

  test('what is written offline is there online, once and in order, on both sides', async () => {
    const [one, other] = await Promise.all([
      enter('garden', alice, { byLine: true }),
      enter('garden', bob),
    ]);
    await say(one.page, 'before');
    await Promise.all([one, other].map(({ page }) => stored(page, 'before').waitFor()));

    one.problems.expect(UNREACHABLE);
    await one.goOffline();
    for (const words of ['first', 'second', 'third']) await say(one.page, words);
    await one.page.getByRole('status', { name: 'Connection' }).getByText('No connection').waitFor();
    expect(await messages(one.page).and(one.page.locator('[data-status]')).count()).toBe(3);
    await say(other.page, 'meanwhile');
    await stored(other.page, 'meanwhile').waitFor();
    expect(await wordsOf(one.page)).toEqual(['before', 'first', 'second', 'third']);
    expect(await wordsOf(other.page)).toEqual(['before', 'meanwhile']);

    await one.goOnline();
    const all = ['before', 'meanwhile', 'first', 'second', 'third'];
    for (const { page } of [one, other]) {
      await stored(page, 'third').waitFor();
      await eventually(async () => expect(await wordsOf(page)).toEqual(all));
    }
    expect(await messages(one.page).and(one.page.locator('[data-status]')).count()).toBe(0);
    expect(await storedIn(chat.url, 'garden', alice)).toEqual(all);
    await one.page.getByText('No connection').waitFor({ state: 'hidden' });
  }, 40_000);

  test('who reads back while cut off for a moment reads on after it', async () => {
    await seedRoom(chat, 'archive', 250);
    const { page, problems, goOffline, goOnline } = await enter('archive', alice, {
      byLine: true,
    });
    await stored(page, seededWords(250)).waitFor();
    problems.expect(UNREACHABLE);
    await goOffline();
    const problem = page.getByRole('alert').filter({ hasText: 'can’t be reached' });
    await eventually(async () => {
      await log(page).evaluate(toTheTop);
      expect(await problem.count()).toBe(1);
    });
    await goOnline();
    await problem.waitFor({ state: 'detached' });
    await eventually(async () => {
      await log(page).evaluate(toTheTop);
      expect(await messages(page, 'message 1.').count()).toBe(1);
    });
  }, 30_000);

  test('who follows a link while the server does not answer gets there once it does', async () => {
    await seedRoom(chat, 'museum', 400);
    const { page, problems } = await enter('museum', alice);
    // Once it is up to date: else it would try again by itself when it is.
    await say(page, 'here');
    await stored(page, 'here').waitFor();
    problems.expect(/503/);
    await page.route('**/messages/**', (route) => route.fulfill({ status: 503 }));
    // Older ones may be asked for as well, by who has just come.
    const refused = page.waitForResponse(/after=37/);
    await page.evaluate(goToMessage, 37);
    await refused;
    await page.getByRole('alert').filter({ hasText: '503' }).waitFor();
    await page.unroute('**/messages/**');
    await page.getByRole('button', { name: 'Load more' }).click();
    await stored(page, seededWords(37)).waitFor();
  }, 30_000);

  test('two tabs of one person show the same, and log out together', async () => {
    const erin = await newLogin(chat.url, 'erin');
    const { page, context } = await enter('attic', erin);
    const second = await context.newPage();
    await second.goto(`${chat.url}/room/attic`);
    await composer(second).waitFor();
    await say(page, 'from the first');
    await stored(second, 'from the first').waitFor();
    await say(second, 'from the second');
    for (const tab of [page, second]) {
      await stored(tab, 'from the second').waitFor();
      await eventually(async () =>
        expect(await wordsOf(tab)).toEqual(['from the first', 'from the second']),
      );
    }

    await page.getByRole('button', { name: 'Log out' }).click();
    for (const tab of [page, second]) {
      await tab.getByRole('heading', { name: /Come in|Welcome back/ }).waitFor();
      expect(await tab.getByText('from the').count()).toBe(0);
    }
    expect(await second.evaluate(() => Object.keys(localStorage))).not.toContain('parlor.session');
  }, 40_000);

  test('a message that is on its way when the page is loaded again is neither lost nor doubled', async () => {
    const { page } = await enter('hall', alice);
    await say(page, 'before');
    await stored(page, 'before').waitFor();

    // Its answer comes to a page that is gone.
    await reloadOnceSent(page, 'under way');
    const loadedAgain = page.waitForEvent('load');
    await say(page, 'under way');
    await loadedAgain;
    await stored(page, 'under way').waitFor();

    // One that never reached the server, and one that waited behind it.
    await page.evaluate(() => {
      WebSocket.prototype.send = () => {};
    });
    await say(page, 'held back');
    await say(page, 'and behind it');
    await messages(page, 'and behind it').waitFor();
    await composer(page).fill('half a thou');
    await page.reload();
    await stored(page, 'and behind it').waitFor();
    expect(await composer(page).inputValue()).toBe('half a thou');

    const all = ['before', 'under way', 'held back', 'and behind it'];
    await eventually(async () => expect(await wordsOf(page)).toEqual(all));
    expect(await storedIn(chat.url, 'hall', alice)).toEqual(all);
    await page.reload();
    await stored(page, 'and behind it').waitFor();
    await eventually(async () => expect(await wordsOf(page)).toEqual(all));
  }, 40_000);
});

/** Loads the page again as soon as a frame with these words has left it: no answer finds it there. */
async function reloadOnceSent(page: Page, words: string): Promise<void> {
  await page.evaluate((wanted) => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (this: WebSocket, frame: string) {
      send.call(this, frame);
      if (frame.includes(wanted)) location.reload();
    };
  }, words);
}

/** Runs in the page: goes to a message as the browser's buttons do. */
function goToMessage(seq: number): void {
  history.pushState(null, '', `${location.pathname}/${seq}`);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Runs in the page. */
function toTheTop(list: Element): void {
  list.scrollTop = 0;
}
