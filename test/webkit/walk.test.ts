import { expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { builtPage } from '../browser/built-page.ts';
import { eventually } from '../browser/eventually.ts';
import { type Line, openLine } from '../browser/line.ts';
import { newLogin } from '../browser/logins.ts';
import { prepared } from '../browser/prepared.ts';
import { seededWords, seedRoom } from '../browser/seeded-room.ts';
import { call, PASSWORD } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { ENTER, type WebDriverPage } from './web-driver.ts';
import { describeInWebKit } from './webkit.ts';

const COMPOSER = 'textarea[aria-label^="Message to "]';
/** Of ten lines each, together higher than the screen. */
const UNREAD = 12;
const PATIENCE = { withinMs: 60_000 };

describeInWebKit('two who talk in WebKit', (open) => {
  let chat: Stack;
  let line: Line;
  let one: WebDriverPage;
  let other: WebDriverPage;
  /** How many steps are done with this chat. */
  let done = 0;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    line = await openLine(chat.url);
    [one, other] = await Promise.all([open(), open()]);
    done = 0;
    return async () => {
      await line.close();
      await chat.close();
    };
  }, 120_000);

  const steps: [name: string, walk: () => Promise<void>][] = [];
  const step = (...each: (typeof steps)[number]) => steps.push(each);

  step('register, go to the lobby, and hear each other', async () => {
    for (const [page, url, name] of [
      [one, line.url, 'carol'],
      [other, chat.url, 'dave'],
    ] as const) {
      await page.goTo(url);
      await page.type('[name="username"]', name);
      await page.type('[name="password"]', PASSWORD);
      await page.click('button', 'Create account');
      await page.click('a', 'Go to the lobby');
      await page.sees(COMPOSER);
    }
    await say(one, 'hello from carol');
    await expectWords(other, ['hello from carol']);
    await say(other, 'hello from dave');
    for (const page of [one, other]) {
      await expectWords(page, ['hello from carol', 'hello from dave']);
    }
  });

  step('one who is cut off is told so, writes on, and catches up', async () => {
    line.cut();
    await say(one, 'from the dark');
    await say(other, 'meanwhile');
    await eventually(
      async () => expect(await one.run(connection)).toMatch(/No connection|Connecting/),
      PATIENCE,
    );
    expect((await one.run(wordsShown)).at(-1)).toBe('from the dark');
    line.mend();
    for (const page of [one, other]) {
      await eventually(async () => {
        expect((await page.run(wordsShown)).slice(-2)).toEqual(['meanwhile', 'from the dark']);
        expect(await page.run(underWay)).toBe(0);
        expect(await page.run(connection)).toBe('');
      }, PATIENCE);
    }
  });

  step('a link to a message leads there', async () => {
    await seedRoom(chat, 'museum', 400);
    await one.goTo(`${line.url}/room/museum/37`);
    await eventually(async () => {
      expect(await one.run(wordsOnScreen)).toContain(seededWords(37));
    }, PATIENCE);
    expect(await one.run(wordsOnScreen)).not.toContain(seededWords(400));
  });

  step('what is written from right to left is shown so', async () => {
    await one.goTo(`${line.url}/room/divan`);
    await say(one, 'مرحبا');
    await expectWords(one, ['مرحبا']);
    // Who leaves before it is stored has not read it, as far as the server knows.
    const access = await one.run(accessToken);
    await eventually(async () => {
      const [, list] = await call(chat.url, access, 'GET', '/api/rooms/');
      expect(list.results).toContainEqual(expect.objectContaining({ room: 'divan', read: 1 }));
    }, PATIENCE);
    expect(await one.run(directionOfWords)).toBe('rtl');
    expect(await one.run(gapAtTheRight)).toBeLessThanOrEqual(1);
  });

  step(
    'what is said in another room is counted beside its name, and read from its first on',
    async () => {
      const unread = () => one.run(unreadIn, 'divan');
      await one.click('.room-entry', 'lobby');
      await expectWords(one, ['hello from carol', 'hello from dave', 'meanwhile', 'from the dark']);
      await eventually(async () => expect(await unread()).toBe(''), PATIENCE);
      const { access } = await newLogin(chat.url, 'erin');
      for (let count = 1; count <= UNREAD; count++) {
        const content = `news ${count}.${'\nand so on'.repeat(9)}`;
        const [status] = await call(chat.url, access, 'POST', '/api/rooms/divan/messages/', {
          content,
        });
        expect(status).toBe(201);
      }
      await eventually(async () => expect(await unread()).toBe(`${UNREAD} unread`), PATIENCE);
      await one.click('.room-entry', 'divan');
      // One lands where one left off.
      await eventually(async () => {
        expect((await one.run(wordsOnScreen)).join()).toContain('news 1.');
        expect(await one.run(newMarkIsOnScreen)).toBe(true);
      }, PATIENCE);
      expect((await one.run(wordsOnScreen)).join()).not.toContain(`news ${UNREAD}.`);
      await one.run(toTheNewest);
      await eventually(async () => expect(await unread()).toBe(''), PATIENCE);
    },
  );

  // A step that is tried again is with a chat in which nothing was done yet.
  test.each(steps)(
    '%s',
    async (name) => {
      const last = steps.findIndex(([each]) => each === name);
      for (const [, walk] of steps.slice(done, last + 1)) {
        await walk();
        done++;
      }
    },
    240_000,
  );
});

async function say(page: WebDriverPage, words: string): Promise<void> {
  await page.type(COMPOSER, words + ENTER);
}

const expectWords = (page: WebDriverPage, words: readonly string[]) =>
  eventually(async () => expect(await page.run(wordsShown)).toEqual(words), PATIENCE);

/** This and all below run in the page. */
function wordsShown(): string[] {
  return [...document.querySelectorAll('[role="log"] .words')].map(
    (words) => words.textContent ?? '',
  );
}

function wordsOnScreen(): string[] {
  const list = document.querySelector('[role="log"]')?.getBoundingClientRect();
  return [...document.querySelectorAll('[role="log"] .words')]
    .filter((words) => {
      const { top, bottom } = words.getBoundingClientRect();
      return list && top >= list.top - 1 && bottom <= list.bottom + 1;
    })
    .map((words) => words.textContent ?? '');
}

function accessToken(): string {
  return JSON.parse(localStorage.getItem('parlor.session') ?? '{}').access;
}

function underWay(): number {
  return document.querySelectorAll('[role="log"] [data-status]').length;
}

function connection(): string {
  return document.querySelector('[aria-label="Connection"]')?.textContent ?? '';
}

function directionOfWords(): string {
  const words = document.querySelector('[role="log"] .words');
  return words ? getComputedStyle(words).direction : '';
}

/** How far the letters end from the right edge of where they may stand, in pixels. */
function gapAtTheRight(): number {
  const words = document.querySelector('[role="log"] .words');
  const letters = words && document.createTreeWalker(words, NodeFilter.SHOW_TEXT).nextNode();
  if (!words || !letters) return Number.NaN;
  const range = document.createRange();
  range.selectNode(letters);
  const edge = words.getBoundingClientRect().right;
  const padding = Number.parseFloat(getComputedStyle(words).paddingRight);
  return edge - padding - range.getBoundingClientRect().right;
}

function newMarkIsOnScreen(): boolean {
  const list = document.querySelector('[role="log"]');
  const mark = [...(list?.querySelectorAll('*') ?? [])].find((one) => one.textContent === 'New');
  const [around, box] = [list, mark].map((element) => element?.getBoundingClientRect());
  return Boolean(around && box && box.top >= around.top - 1 && box.bottom <= around.bottom + 1);
}

function unreadIn(room: string): string {
  const entries = [...document.querySelectorAll('.room-entry')];
  const entry = entries.find((one) => one.textContent?.includes(room));
  return entry?.querySelector('.badge')?.textContent ?? '';
}

function toTheNewest(): void {
  const list = document.querySelector('[role="log"]');
  list?.scrollTo(0, list.scrollHeight);
}
