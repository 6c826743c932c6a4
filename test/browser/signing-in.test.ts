import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { PASSWORD } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { LOGIN_ENDED, UNREACHABLE } from './problems.ts';
import { composer, messages, say, stored } from './room-page.ts';

describeInBrowser('coming and going', (visit) => {
  let chat: Stack;
  let alice: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    alice = await newLogin(chat.url, 'alice');
    return () => chat.close();
  });

  const logOut = (page: Page) => page.getByRole('button', { name: 'Log out', exact: true });
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('name'));

  test('who comes by a room’s address is told so, and may type at once', async () => {
    const { page, problems } = await visit(`${chat.url}/room/orangery`);
    await page.getByText('you are in orangery').waitFor();
    expect(await page.title()).toBe('Come in · Parlor');
    await page.keyboard.press('Enter');
    await page.getByText('Enter a name.').waitFor();

    problems.expect(/401/);
    await page.getByRole('button', { name: 'I have an account already' }).click();
    await page.getByLabel('Name').fill('alice');
    await page.keyboard.press('Enter');
    await page.getByText('Enter a password.').waitFor();
    expect(await focused(page)).toBe('password');
    await page.keyboard.type('not-my-horse-9');
    await page.keyboard.press('Enter');
    await page.getByText('The name or the password is not right.').waitFor();
    expect(await focused(page)).toBe('password');
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await composer(page).waitFor();
    await eventually(async () => expect(await page.title()).toBe('orangery · Parlor'));
  }, 30_000);

  test('who logs out leaves the room’s address; other tabs say what became of them', async () => {
    const fred = await newLogin(chat.url, 'fred');
    const { page, context, problems } = await visit(`${chat.url}/room/pantry`, { as: fred });
    await composer(page).waitFor();
    // A tab's socket may end before it hears of the logout.
    problems.expect(LOGIN_ENDED);
    const other = await context.newPage();
    await other.goto(`${chat.url}/room/cellar`);
    await composer(other).waitFor();
    await logOut(page).click();
    await page.getByRole('heading', { name: /Come in|Welcome back/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    await other.getByText('You were logged out').waitFor();
    await other.getByText('Log in to go on in cellar.').waitFor();
    expect(await other.title()).toBe('Log in · Parlor');
  }, 30_000);

  test('nothing stays of who logs out in one tab and writes in another', async () => {
    const gina = await newLogin(chat.url, 'gina');
    const { page, context, problems } = await visit(`${chat.url}/room/pantry`, { as: gina });
    // The other tab may be quicker than its socket.
    problems.expect(LOGIN_ENDED);
    await composer(page).fill('a secret');
    await composer(page).evaluate(keepWriting);
    const other = await context.newPage();
    await other.goto(chat.url);
    await logOut(other).click();
    await page.getByText('You were logged out').waitFor();
    const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
    await eventually(async () => expect(await kept()).not.toContain('secret'));
    await page.evaluate(someTime);
    expect(await kept()).not.toContain('secret');
  }, 30_000);

  test('who would lose messages by logging out is asked first', async () => {
    const { page, problems, goOffline, goOnline } = await visit(`${chat.url}/room/pantry`, {
      as: alice,
      byLine: true,
    });
    await composer(page).waitFor();
    problems.expect(UNREACHABLE, LOGIN_ENDED);
    await goOffline();
    await say(page, 'not yet sent');
    await messages(page, 'not yet sent').waitFor();
    await logOut(page).click();
    await page.getByRole('dialog', { name: 'Log out' }).getByText('A message has not').waitFor();
    // Also where the list of rooms gives way to the room.
    await page.setViewportSize({ width: 360, height: 640 });
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.setViewportSize({ width: 1_280, height: 720 });
    await goOnline();
    await stored(page, 'not yet sent').waitFor();

    // Nothing is left to be asked about.
    await logOut(page).click();
    await page.getByRole('heading', { name: /Come in|Welcome back/ }).waitFor();
  }, 30_000);

  test('who has a browser that keeps nothing logs out all the same', async () => {
    const { page, problems } = await visit(`${chat.url}/room/pantry`, {
      as: await newLogin(chat.url, 'ida'),
      prepare: (tab) => tab.addInitScript(forgetDatabases),
    });
    problems.expect(LOGIN_ENDED);
    await composer(page).waitFor();
    await logOut(page).click();
    await page.getByRole('heading', { name: /Come in|Welcome back/ }).waitFor();
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('ida');
  }, 30_000);

  test('who is shut out keeps what is written after that', async () => {
    const { page, problems } = await visit(`${chat.url}/room/pantry`, {
      as: await newLogin(chat.url, 'hugo'),
      prepare: shutOut,
    });
    problems.expect(/401|WebSocket connection/);
    const notice = page.getByRole('status', { name: 'Connection' });
    await notice.getByText('This account is disabled.').waitFor();
    // It would end in the same way.
    expect(await notice.getByRole('button').count()).toBe(0);
    await say(page, 'not to be lost');
    expect(await composer(page).inputValue()).toBe('not to be lost');
    await page.reload();
    expect(await composer(page).inputValue()).toBe('not to be lost');

    await notice.getByText('This account is disabled.').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('attic');
    await page.keyboard.press('Enter');
    const alerts = page.getByRole('main').getByRole('alert');
    await alerts.getByText('You can’t go in').waitFor();
    expect(await alerts.allTextContents()).toHaveLength(1);
  }, 30_000);
});

/** Runs in the page: a browser that has no databases, or lets nobody use them. */
function forgetDatabases(): void {
  Object.defineProperty(window, 'indexedDB', { value: undefined });
}

/** The server answers a page as it does one whose person may not come in any more. */
async function shutOut(page: Page): Promise<void> {
  const json = { detail: 'User is inactive', code: 'user_inactive' };
  await page.route('**/api/**', (route) => route.fulfill({ status: 401, json }));
  await page.routeWebSocket('**/ws/**', (socket) => socket.close());
}

/** Runs in the page: drafts are kept in a pause, and none comes. */
function keepWriting(field: Element): void {
  setInterval(() => field.dispatchEvent(new InputEvent('input', { bubbles: true })), 50);
}

/** Runs in the page: longer than a draft waits to be kept. */
const someTime = () => new Promise((resolve) => setTimeout(resolve, 500));
