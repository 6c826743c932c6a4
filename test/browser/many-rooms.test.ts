import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';

const ROOMS = 300;
const LIST = '**/api/rooms/?*';

describeInBrowser('the list of rooms', (visit) => {
  let chat: Stack;
  let alice: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    alice = await newLogin(chat.url, 'alice');
    return () => chat.close();
  });

  const links = (page: Page) => page.getByRole('navigation', { name: 'Rooms' }).getByRole('link');

  test('holds hundreds, with the way out in reach on a phone', async () => {
    const { page } = await visit(chat.url, {
      as: alice,
      viewport: { width: 360, height: 640 },
      prepare: (tab) =>
        tab.route(LIST, (route) => route.fulfill({ json: pageOf(route.request().url()) })),
    });
    await links(page)
      .filter({ hasText: `room-${ROOMS - 1}` })
      .waitFor();
    expect(await links(page).count()).toBe(ROOMS);
    for (const name of ['Go to room', 'Log out']) {
      const box = await page.getByRole('button', { name, exact: true }).boundingBox();
      expect((box?.y ?? 640) + (box?.height ?? 0)).toBeLessThanOrEqual(640);
    }
  }, 30_000);

  test('says when it could not be loaded, and is loaded when one asks for it', async () => {
    let down = true;
    const { page, problems } = await visit(chat.url, {
      as: alice,
      prepare: (tab) =>
        tab.route(LIST, (route) =>
          down
            ? route.fulfill({ status: 503 })
            : route.fulfill({ json: pageOf(route.request().url()) }),
        ),
    });
    problems.expect(/503/);
    await page.getByText('Your rooms could not be loaded.').waitFor();
    down = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await links(page).first().waitFor();
    expect(await page.getByText('Your rooms could not be loaded.').count()).toBe(0);
  }, 30_000);
});

/** As the server answers who has been in many rooms. */
function pageOf(url: string): object {
  const { searchParams } = new URL(url);
  const [first, limit] = ['cursor', 'limit'].map((name) => Number(searchParams.get(name) ?? 0));
  if (first === undefined || !limit) throw new Error('A page has a limit.');
  const results = Array.from({ length: Math.min(limit, ROOMS - first) }, (_, index) => ({
    room: `room-${first + index}`,
    lastVisit: new Date(Date.now() - (first + index) * 60_000).toISOString(),
    ...{ read: 0, head: 0, lastMessage: null },
  }));
  const next = first + limit;
  return {
    results,
    next: next < ROOMS ? `${url.split('?')[0]}?limit=${limit}&cursor=${next}` : null,
  };
}
