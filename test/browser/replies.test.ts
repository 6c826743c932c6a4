import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { flaws } from './axe.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { ENGINE } from './engine.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, messages, roomEntry, say, stored } from './room-page.ts';
import { seededWords, seedRoom } from './seeded-room.ts';

const COUNT = 300;

describeInBrowser('people who answer each other', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice, bob] = await Promise.all([newLogin(chat.url, 'alice'), newLogin(chat.url, 'bob')]);
    await Promise.all(['salon', 'studio', 'attic'].map((room) => seedRoom(chat, room, COUNT)));
    return () => chat.close();
  });

  const room = (name: string) => `${chat.url}/room/${name}`;

  /** Puts a message into a room without a browser. */
  const post = async (name: string, body: object) => {
    const answer = await fetch(`${chat.url}/api/rooms/${name}/messages/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bob.access}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
  };

  test('one replies, the other sees to what, and is led there', async () => {
    const [one, other] = await Promise.all([
      visit(room('salon'), { as: alice }),
      visit(room('salon'), { as: bob }),
    ]);
    await composer(one.page).waitFor();
    const asked = stored(one.page, seededWords(COUNT));
    await asked.hover();
    await asked.getByRole('button', { name: 'Reply' }).click();
    await answering(one.page).getByText(`message ${COUNT}.`).waitFor();
    await expectFocus(composer(one.page));
    await one.page.keyboard.type('so it is');
    await one.page.keyboard.press('Enter');
    await answering(one.page).waitFor({ state: 'detached' });

    const reply = stored(other.page, 'so it is');
    const quote = reply.getByRole('link', { name: /^Reply to ada ?: message 300\./ });
    await quote.waitFor();
    expect(await nameOf(reply)).toMatch(/^alice Reply to ada: message 300\..* so it is /s);
    await quote.click();
    await expectMarked(other.page, COUNT);
    expect(new URL(other.page.url()).pathname).toBe(`/room/salon/${COUNT}`);

    // Another one is no reply.
    await say(one.page, 'and more');
    await stored(other.page, 'and more').waitFor();
    expect(await messages(other.page, 'and more').locator('.quote').count()).toBe(0);
  }, 60_000);

  test('what is not at hand is fetched once, and led to by keys', async () => {
    for (const content of ['look there', 'and there again']) {
      await post('studio', { content, replyTo: 3 });
    }
    const asked: string[] = [];
    const { page } = await visit(room('studio'), {
      as: alice,
      prepare: (tab) =>
        tab.on('request', (request) => {
          if (request.url().includes('before=4&')) asked.push(request.url());
        }),
    });
    await composer(page).waitFor();
    const quote = stored(page, 'and there again').getByRole('link', { name: /^Reply to / });
    await quote.getByText('message 3.').waitFor();
    await stored(page, 'look there').getByText('message 3.').waitFor();
    expect(asked).toHaveLength(1);

    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Tab');
    await expectFocus(quote);
    await page.keyboard.press('Enter');
    await expectMarked(page, 3);
    await expectFocus(stored(page, seededWords(3)));
  }, 60_000);

  test('keys begin and end a reply, and a room keeps it', async () => {
    const { page } = await visit(room('attic'), { as: alice });
    await composer(page).waitFor();
    await stored(page, seededWords(COUNT)).waitFor();
    await page.keyboard.press('ArrowUp');
    await expectFocus(stored(page, seededWords(COUNT)));
    await page.keyboard.press('r');
    await expectFocus(composer(page));
    expect(await composer(page).inputValue()).toBe('');
    await answering(page).waitFor();
    await page.keyboard.press('Escape');
    await answering(page).waitFor({ state: 'detached' });
    await expectFocus(composer(page));

    await page.keyboard.press('ArrowUp');
    await expectFocus(stored(page, seededWords(COUNT)));
    await page.keyboard.press('r');
    await answering(page).waitFor();
    await page.goto(room('salon'));
    await roomEntry(page, 'attic').waitFor();
    expect(await answering(page).count()).toBe(0);
    await roomEntry(page, 'attic').click();
    await answering(page).getByText(`message ${COUNT}.`).waitFor();
    await page.getByRole('button', { name: 'Cancel reply' }).click();
    await answering(page).waitFor({ state: 'detached' });
    await expectFocus(composer(page));
    await page.reload();
    await stored(page, seededWords(COUNT)).waitFor();
    expect(await answering(page).count()).toBe(0);
  }, 60_000);

  test('a small screen has it by a touch, and a kind is told beside its text', async () => {
    await post('salon', { content: 'Where do we meet?', kind: 'org.example.poll' });
    const { page } = await visit(room('salon'), {
      ...{ as: alice, viewport: { width: 390, height: 700 }, hasTouch: true },
      reducedMotion: 'reduce',
    });
    const poll = stored(page, 'Where do we meet?');
    await poll.getByText('org.example.poll', { exact: true }).waitFor();
    await touch(poll.locator('.words'));
    await touch(poll.getByRole('button', { name: 'Reply' }));
    await answering(page).getByText('Where do we meet?').waitFor();
    await expectInside(page, answering(page));
    if (ENGINE === 'chromium') expect(await flaws(page)).toEqual([]);
    await composer(page).fill(`at the usual place ${'and on '.repeat(20)}`);
    await touch(page.getByRole('button', { name: 'Send', exact: true }));
    const reply = stored(page, 'at the usual place');
    await reply.getByRole('link', { name: /^Reply to bob ?: Where do we meet\?$/ }).waitFor();
    await expectInside(page, reply.locator('.quote'));
    if (ENGINE === 'chromium') expect(await flaws(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  }, 60_000);
});

/** Of a tap that comes by WebDriver BiDi Firefox makes no click. */
const touch = (element: Locator) => (ENGINE === 'chromium' ? element.tap() : element.click());

/** What stands above the field while one answers. */
const answering = (page: Page): Locator => page.locator('.answering');

const expectFocus = (element: Locator) =>
  eventually(async () =>
    expect(await element.evaluate((found) => found === document.activeElement)).toBe(true),
  );

const expectMarked = (page: Page, seq: number) =>
  stored(page, seededWords(seq)).and(page.locator('[data-shown]')).waitFor();

async function expectInside(page: Page, element: Locator): Promise<void> {
  const box = await element.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
}

/** What a screen reader calls it: the words of all that it is labelled by. */
const nameOf = (element: Locator) =>
  element.evaluate((found) =>
    (found.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .filter((text) => text !== undefined)
      .join(' '),
  );
