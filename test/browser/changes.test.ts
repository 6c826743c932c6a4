import { expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { flaws } from './axe.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, log, say, stored } from './room-page.ts';

describeInBrowser('a message that is changed', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice, bob] = await Promise.all([newLogin(chat.url, 'alice'), newLogin(chat.url, 'bob')]);
    return () => chat.close();
  });

  const asBob = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${chat.url}/api/rooms/porch/messages/${path}`, {
      method,
      headers: { authorization: `Bearer ${bob.access}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect(answer.ok).toBe(true);
  };

  test('is shown as it stands at once, and after a reload', async () => {
    for (const content of ['first word', 'second word']) await asBob('POST', '', { content });
    const { page } = await visit(`${chat.url}/room/porch`, { as: alice });
    await composer(page).waitFor();
    await say(page, 'a third');
    await stored(page, 'second word').waitFor();

    await asBob('PUT', '1/', { content: 'a better word', baseVersion: 1 });
    await stored(page, 'a better word').getByText('edited').waitFor();
    await asBob('DELETE', '2/');
    const gone = stored(page, 'Deleted.');
    await gone.waitFor();
    expect(await gone.getByRole('button', { name: 'Reply' }).count()).toBe(0);
    expect(
      await log(page)
        .getByText(/first word|second word/)
        .count(),
    ).toBe(0);
    expect(await flaws(page)).toEqual([]);

    await page.reload();
    await stored(page, 'a better word').getByText('edited').waitFor();
    await stored(page, 'Deleted.').waitFor();
    expect(
      await log(page)
        .getByText(/first word|second word/)
        .count(),
    ).toBe(0);
  }, 60_000);
});
