import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, messages, roomEntry, say, stored } from './room-page.ts';
import { textsBesideElements, translate } from './translation.ts';

describeInBrowser('a page that the browser translates', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice, bob] = await Promise.all([newLogin(chat.url, 'alice'), newLogin(chat.url, 'bob')]);
    return () => chat.close();
  });

  /** Nothing broke, and nothing would with a change that has not happened yet. */
  async function expectWhole(page: Page): Promise<void> {
    expect(await page.getByText('Something broke').count()).toBe(0);
    expect(await textsBesideElements(page)).toEqual([]);
  }

  test('goes on: one talks, changes rooms, and asks for what there is', async () => {
    const other = await visit(`${chat.url}/room/souk`, { as: bob });
    await composer(other.page).waitFor();
    await say(other.page, 'in the souk');

    const { page } = await visit(`${chat.url}/`, { as: alice });
    await page.getByRole('heading', { name: 'alice' }).waitFor();
    await expectWhole(page);
    await translate(page);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText('A room’s name has').waitFor();
    await page.getByRole('link', { name: 'Go to the lobby' }).click();
    await composer(page).waitFor();
    await page.getByText('Nobody has spoken in').waitFor();
    for (const words of ['hello', 'see https://example.com/ 😀 and more', '😀', 'two\nlines']) {
      await say(page, words);
      await stored(page, words).first().waitFor();
    }
    await expectWhole(page);

    await page.getByRole('button', { name: 'Emoji' }).click();
    await page
      .getByRole('searchbox', { name: 'Search emoji' })
      .pressSequentially('no emoji is called so');
    await page.getByText('None is called so.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Room' }).pressSequentially('souk');
    await page.getByRole('option').first().waitFor();
    await expectWhole(page);
    await page.keyboard.press('Enter');
    await stored(page, 'in the souk').waitFor();
    await say(page, 'here I am');
    await stored(page, 'here I am').waitFor();

    await roomEntry(page, 'lobby').click();
    await stored(page, 'hello').waitFor();
    for (const words of ['are you there?', 'once more']) await say(other.page, words);
    await roomEntry(page, 'souk').getByText('unread').waitFor({ state: 'attached' });
    await expectWhole(page);
    await roomEntry(page, 'souk').click();
    await stored(page, 'once more').waitFor();
    await expectWhole(page);
  }, 60_000);

  test('tells of messages that are refused, and lets them go', async () => {
    const { page } = await visit(`${chat.url}/room/bazaar`, { as: alice });
    await composer(page).waitFor();
    await translate(page);
    await page.evaluate(refuseSome);
    for (const words of ['refuse me', 'and this one goes', 'refuse me too']) {
      await say(page, words);
      await messages(page, words).waitFor();
    }
    await stored(page, 'and this one goes').waitFor();
    for (const words of ['refuse me too', 'refuse me']) {
      const line = messages(page, words).last();
      await line.getByText('Not sent.').waitFor();
      await expectWhole(page);
      await line.getByRole('button', { name: 'Discard' }).click();
      await line.waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Name').waitFor();
    await page.getByRole('button', { name: /^I / }).click();
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByText('Enter a name.').waitFor();
    await expectWhole(page);
  }, 60_000);
});

/** Runs in the page: the server refuses each message that asks for it. */
function refuseSome(): void {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (this: WebSocket, frame: string) {
    const { id, content } = JSON.parse(frame);
    if (!content?.startsWith('refuse')) return send.call(this, frame);
    const refusal = { type: 'error', ref: id, code: 'content_invalid', message: 'It is refused.' };
    const data = JSON.stringify({ ...refusal, retryable: false });
    setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data })));
  };
}
