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
import { composer, messages, roomEntry, say, stored, wordsOf } from './room-page.ts';

describeInBrowser('people who talk in a browser', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice, bob] = await Promise.all([newLogin(chat.url, 'alice'), newLogin(chat.url, 'bob')]);
    return () => chat.close();
  });

  async function register(page: Page, name: string): Promise<void> {
    await page.getByLabel('Name').fill(name);
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Create account' }).click();
  }

  test('two register, go to the lobby, and hear each other', async () => {
    const [one, other] = await Promise.all([visit(chat.url), visit(chat.url)]);
    for (const [{ page }, name] of [
      [one, 'carol'],
      [other, 'dave'],
    ] as const) {
      await register(page, name);
      await page.getByRole('link', { name: 'Go to the lobby' }).click();
      await composer(page).waitFor();
    }
    await say(one.page, 'hello from carol');
    await stored(other.page, 'hello from carol').waitFor();
    const announced = other.page.getByRole('status', { name: 'New messages' });
    await announced.getByText('carol: hello from carol').waitFor({ state: 'attached' });
    await say(other.page, 'hello from dave');
    await stored(one.page, 'hello from dave').waitFor();
    for (const { page } of [one, other]) {
      expect(await wordsOf(page)).toEqual(['hello from carol', 'hello from dave']);
      expect(
        await messages(page, 'hello from carol').getByText('carol', { exact: true }).count(),
      ).toBe(1);
    }
  }, 40_000);

  test('who is in another room sees by a mark and the tab’s title that something was said', async () => {
    const { page } = await visit(`${chat.url}/room/lounge`, { as: alice });
    await composer(page).waitFor();
    await say(page, 'back in a moment');
    await roomEntry(page, 'lounge').getByText('back in a moment').waitFor();
    await page.goto(`${chat.url}/room/kitchen`);
    await roomEntry(page, 'lounge').waitFor();
    expect(await page.title()).toBe('kitchen · Parlor');

    const other = await visit(`${chat.url}/room/lounge`, { as: bob });
    await composer(other.page).waitFor();
    for (const words of ['are you there?', 'in the lounge']) {
      await say(other.page, words);
      await stored(other.page, words).waitFor();
    }
    await roomEntry(page, 'lounge').getByText('2 unread').waitFor();
    await roomEntry(page, 'lounge').getByText('in the lounge').waitFor();
    await eventually(async () => expect(await page.title()).toBe('(2) kitchen · Parlor'));

    await roomEntry(page, 'lounge').click();
    await stored(page, 'in the lounge').waitFor();
    await eventually(async () => expect(await page.title()).toBe('lounge · Parlor'));

    await page.goto(`${chat.url}/room/kitchen`);
    await roomEntry(page, 'lounge').getByText('in the lounge').waitFor();
    await eventually(async () => expect(await page.getByText('unread').count()).toBe(0));
    expect(await page.title()).toBe('kitchen · Parlor');
  }, 40_000);
});
