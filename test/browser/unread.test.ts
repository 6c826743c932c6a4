import { beforeEach, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { connect } from '../../client/index.ts';
import type { Stack } from '../../local/stack.ts';
import { call } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, log, messages, roomEntry, say, stored } from './room-page.ts';
import { seedRoom } from './seeded-room.ts';

const READ = 120;
const COUNTS = [15, 30, 80, 300, 9_500];
/** Longer than the page takes for what it saw, and for telling the server. */
const A_WHILE_MS = 1_800;

describeInBrowser('what somebody has not read', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  /** Of this test. What was read stays read, so each attempt has its own reader and rooms. */
  let attempt = 0;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    bob = await newLogin(chat.url, 'bob');
    await Promise.all(COUNTS.map((count) => seedRoom(chat, `unread-${count}`, READ + count)));
    return () => chat.close();
  }, 120_000);
  beforeEach(async () => {
    attempt++;
    alice = await newLogin(chat.url, `alice-${attempt}`);
  });

  const newRoom = (name: string) => `${name}-${attempt}`;

  /** Opens a room of which she has read the beginning, in an earlier session. */
  async function openUnread(count: number): Promise<{ page: Page; room: string }> {
    const room = `unread-${count}`;
    await call(chat.url, alice.access, 'PUT', `/api/rooms/${room}/read/`, { seq: READ });
    const { page } = await visit(`${chat.url}/room/${room}`, { as: alice });
    return { page, room };
  }

  const message = (page: Page, seq: number) => messages(page, `message ${seq}.`);
  const newLine = (page: Page) => log(page).getByText('New', { exact: true });
  const bar = (page: Page) => page.getByRole('button', { name: / new since / });

  /** Up to where the server has it that she read a room. */
  async function readMark(room: string): Promise<number> {
    const [, list] = await call(chat.url, alice.access, 'GET', '/api/rooms/?limit=200');
    const { results } = list as unknown as { results: { room: string; read: number }[] };
    return results.find((listed) => listed.room === room)?.read ?? 0;
  }

  /** The mark stays below the last message that is there to its end. */
  async function expectMarkOnScreen(page: Page, room: string): Promise<number> {
    const seen = await eventually(async () => {
      const [mark, seqs] = [await readMark(room), await seqsOnScreen(page)];
      expect(mark).toBeGreaterThan(READ);
      expect(mark).toBe(seqs.at(-1));
      return mark;
    });
    await page.waitForTimeout(A_WHILE_MS);
    expect(await readMark(room)).toBe(seen);
    return seen;
  }

  async function expectLanded(page: Page): Promise<void> {
    await eventually(async () => {
      expect(await isOnScreen(page, newLine(page))).toBe(true);
      const seqs = await seqsOnScreen(page);
      expect(seqs.filter((seq) => seq <= READ).length).toBeLessThanOrEqual(3);
      expect(seqs).toContain(READ + 1);
    });
    await message(page, READ + 1)
      .locator('xpath=..')
      .getByText('New', { exact: true })
      .waitFor();
  }

  test.each([15, 30])(
    'is where one lands: %i messages',
    async (count) => {
      const { page, room } = await openUnread(count);
      await expectLanded(page);
      expect(await bar(page).count()).toBe(0);
      const mark = await expectMarkOnScreen(page, room);
      expect(mark).toBeLessThan(READ + count);
      const jump = page.getByRole('button', { name: 'Jump to latest' });
      await jump.getByText(`${READ + count - mark} new`).waitFor();

      await scrollToTheEnd(page);
      await eventually(async () => expect(await readMark(room)).toBe(READ + count));
      expect(await jump.count()).toBe(0);
    },
    40_000,
  );

  test.each([80, 300, 9_500])(
    'is told and led to where it is not loaded: %i messages',
    async (count) => {
      const { page, room } = await openUnread(count);
      await message(page, READ + count).waitFor();
      const many = new Intl.NumberFormat('en').format(count);
      await bar(page).getByText(`${many} new since `).waitFor();
      // The newest is on the screen, and is not what was read.
      await page.waitForTimeout(A_WHILE_MS);
      expect(await readMark(room)).toBe(READ);

      if (count === 80) await bar(page).click();
      else {
        await composer(page).press('Shift+Tab');
        for (let tabs = 0; tabs < 6 && !(await isFocused(bar(page))); tabs++) {
          await page.keyboard.press('Shift+Tab');
        }
        await page.keyboard.press('Enter');
      }
      await expectLanded(page);
      await bar(page).waitFor({ state: 'detached' });
      // The keys go on from there.
      await eventually(async () => {
        expect(await isFocused(message(page, READ + 1))).toBe(true);
      });
      const mark = await expectMarkOnScreen(page, room);
      expect(mark).toBeLessThan(READ + 40);

      await page.getByRole('button', { name: 'Jump to latest' }).click();
      await message(page, READ + count).waitFor();
      await eventually(async () => expect(await readMark(room)).toBe(READ + count));
    },
    60_000,
  );

  test('in another room is where one lands when one goes there', async () => {
    const [parlour, pantry] = [newRoom('parlour'), newRoom('pantry')];
    const { page } = await visit(`${chat.url}/room/${parlour}`, { as: alice });
    await say(page, 'before');
    await roomEntry(page, parlour).waitFor();
    await eventually(async () => expect(await readMark(parlour)).toBe(1));
    await page.goto(`${chat.url}/room/${pantry}`);
    await composer(page).waitFor();
    await tellFrom(bob, parlour, 18);
    await roomEntry(page, parlour).getByText('18 unread').waitFor();

    await roomEntry(page, parlour).click();
    await eventually(async () => {
      expect(await isOnScreen(page, newLine(page))).toBe(true);
      expect(await isOnScreen(page, messages(page, 'line 18'))).toBe(false);
    });
    await page.waitForTimeout(A_WHILE_MS);
    expect(await readMark(parlour)).toBeLessThan(19);
    await page.getByRole('button', { name: /Jump to latest.* new/ }).waitFor();
  }, 60_000);

  test('came while one looked at something else, and is where one is led to', async () => {
    const attic = newRoom('attic');
    const { page } = await visit(`${chat.url}/room/${attic}`, { as: alice });
    await composer(page).waitFor();
    await say(page, 'before');
    await stored(page, 'before').waitFor();
    await eventually(async () => expect(await readMark(attic)).toBe(1));
    await page.evaluate(setHidden, true);
    await tellFrom(bob, attic, 18);
    await stored(page, 'line 18').waitFor({ state: 'attached' });
    await page.waitForTimeout(A_WHILE_MS);
    expect(await readMark(attic)).toBe(1);
    await page.evaluate(setHidden, false);
    await eventually(async () => {
      expect(await isOnScreen(page, newLine(page))).toBe(true);
      expect(await isOnScreen(page, messages(page, 'line 1.'))).toBe(true);
    });
    await page.waitForTimeout(A_WHILE_MS);
    const mark = await readMark(attic);
    expect(mark).toBeGreaterThan(1);
    expect(mark).toBeLessThan(19);

    // What comes while one reads back counts as well.
    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await eventually(async () => expect(await readMark(attic)).toBe(19));
    await log(page).hover();
    await page.mouse.wheel(0, -3_000);
    await page.getByRole('button', { name: 'Jump to latest' }).waitFor();
    await tellFrom(bob, attic, 1);
    await page.getByRole('button', { name: 'Jump to latest 1 new' }).waitFor();
    await page.waitForTimeout(A_WHILE_MS);
    expect(await readMark(attic)).toBe(19);
  }, 60_000);

  test('of a room that one comes to for the first time is nothing', async () => {
    const novelty = newRoom('novelty');
    await seedRoom(chat, novelty, 60);
    const { page } = await visit(`${chat.url}/room/${novelty}`, { as: alice });
    await message(page, 60).waitFor();
    await eventually(async () => expect(await readMark(novelty)).toBe(60));
    expect(await newLine(page).count()).toBe(0);
    expect(await bar(page).count()).toBe(0);
  }, 30_000);

  /** Says so many messages, each of several lines. */
  async function tellFrom(login: Login, room: string, count: number): Promise<void> {
    const client = connect({ url: chat.url, token: login.access });
    try {
      for (let number = 1; number <= count; number++) {
        await client.room(room).send(`line ${number}.\nand so on\nand so on\nand so on`);
      }
    } finally {
      await client.close();
    }
  }
});

const isFocused = (line: Locator): Promise<boolean> =>
  line.evaluate((element) => element === document.activeElement);

/** Of the messages that are on the screen to their end; the first may be cut. */
const seqsOnScreen = (page: Page): Promise<number[]> =>
  log(page).evaluate((list) => {
    const { top, bottom } = list.getBoundingClientRect();
    return [...list.querySelectorAll('article')]
      .filter((article) => {
        const box = article.getBoundingClientRect();
        return box.bottom > top + 1 && box.bottom <= bottom + 1;
      })
      .map((article) => Number(/message (\d+)\./.exec(article.textContent ?? '')?.[1]));
  });

async function isOnScreen(page: Page, line: Locator): Promise<boolean> {
  if ((await line.count()) !== 1) return false;
  const [list, box] = await Promise.all([log(page).boundingBox(), line.boundingBox()]);
  if (!list || !box) return false;
  return box.y >= list.y - 1 && box.y + box.height <= list.y + list.height + 1;
}

async function scrollToTheEnd(page: Page): Promise<void> {
  await log(page).hover();
  await eventually(async () => {
    await page.mouse.wheel(0, 2_000);
    expect(
      await log(page).evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop),
    ).toBeLessThan(2);
  });
}

/** Runs in the page, which is told that it is hidden, or in view again. */
function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}
