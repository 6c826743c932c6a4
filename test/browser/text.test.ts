import { expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, log, roomEntry, say, stored, wordsOf } from './room-page.ts';
import { storedIn } from './stored-messages.ts';

/** What pages have taken for something else than text, or could not draw. */
const NAUGHTY = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)><svg/onload=alert(1)>',
  '<b>bold</b> &lt;not&gt; &amp; &#x41; <!-- nor this -->',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Text that looks like a template's.
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} <%= 7*7 %> #{7*7}',
  'javascript:alert(1) data:text/html,<script>alert(1)</script> vbscript:msgbox(1)',
  '[a link](javascript:alert(1)) **not bold** `nor code`',
  "Robert'); DROP TABLE students;-- \\' \\\" \\n %s %d %00 null undefined NaN",
  '\u202eright to left\u202c and \u2066isolated\u2069 and back',
  'مرحبا بالعالم, then English, then עברית',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞',
  '👩‍👩‍👧‍👦🏳️‍🌈👍🏿🇩🇪❤️‍🔥',
  'a\tb  two spaces\n\n  an indented line\n\u00a0\u200bafter a zero width space',
  '𝕳𝖊𝖑𝖑𝖔 ℌ ﬃ ｆｕｌｌ \ufffd \uffff',
  'w'.repeat(2_000),
];

describeInBrowser('what people write', (visit) => {
  let chat: Stack;
  let alice: Login;
  let bob: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    [alice, bob] = await Promise.all([newLogin(chat.url, 'alice'), newLogin(chat.url, 'bob')]);
    return () => chat.close();
  });

  test('is shown as it was written, and stored so, whatever it is', async () => {
    const [writer, reader] = await Promise.all(
      [alice, bob].map((as) => visit(`${chat.url}/room/scriptorium`, { as })),
    );
    if (!writer || !reader) throw new Error('Two were to come.');
    await Promise.all([writer, reader].map(({ page }) => composer(page).waitFor()));
    for (const words of NAUGHTY) await say(writer.page, words);
    for (const { page } of [writer, reader]) {
      // Those that were scrolled away are not in the document.
      await page.setViewportSize({ width: 360, height: 6_000 });
      await eventually(async () => expect(await wordsOf(page)).toEqual(NAUGHTY));
      expect(await log(page).locator('a, img, script, b, svg:not(.icon)').count()).toBe(0);
      expect(await sidewaysOverflow(page)).toBe(0);
    }
    expect(await storedIn(chat.url, 'scriptorium', alice)).toEqual(NAUGHTY);
  }, 60_000);

  test('leaves room for all that one does with it, on the smallest phone', async () => {
    const room = 'r'.repeat(100);
    const { page } = await visit(`${chat.url}/room/${room}`, {
      as: alice,
      viewport: { width: 320, height: 568 },
      hasTouch: true,
    });
    await composer(page).waitFor();
    for (const words of ['first', 'w'.repeat(200)]) await say(page, words);
    const line = stored(page, 'www');
    await line.waitFor();
    for (const name of ['Send', 'Emoji', 'Leave room', 'Copy link to room']) {
      const box = await page.getByRole('button', { name, exact: true }).boundingBox();
      expect(box?.width).toBeGreaterThanOrEqual(36);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
    }

    // Of a line that goes on, the time stands over none of its words.
    await line.tap();
    const [words, time] = await Promise.all(
      ['.words', 'time'].map((part) => line.locator(part).boundingBox()),
    );
    if (!words || !time) throw new Error('The line has words and a time.');
    expect(time.y + time.height).toBeLessThanOrEqual(words.y + 6);
  }, 30_000);

  test('is written from where its first letter says, as it is shown', async () => {
    const { page } = await visit(`${chat.url}/room/divan`, { as: alice });
    await composer(page).waitFor();
    const direction = (of: Locator) =>
      of.evaluate((element) => getComputedStyle(element).direction);
    expect(await direction(composer(page))).toBe('ltr');
    await composer(page).fill('مرحبا');
    expect(await direction(composer(page))).toBe('rtl');
    await composer(page).press('Enter');
    expect(await direction(stored(page, 'مرحبا').locator('.words'))).toBe('rtl');
    expect(await direction(composer(page))).toBe('ltr');
  }, 30_000);

  test('stands on the side from which each of its lines is read', async () => {
    const { page } = await visit(`${chat.url}/room/scroll`, { as: alice });
    await composer(page).waitFor();
    const arabic = 'مرحبا بالعالم';
    await say(page, `${arabic}\nhello\n\n${arabic} https://example.com/`);
    const words = stored(page, arabic).locator('.words');
    await words.waitFor();
    const sides = await words.evaluate(sidesOfLines);
    expect(sides).toEqual(['right', 'left', 'right']);
    expect(await words.locator('a').evaluate((a) => getComputedStyle(a).direction)).toBe('ltr');

    // Of long words in the list, the first ones are seen.
    await say(page, `${arabic} `.repeat(12));
    const last = roomEntry(page, 'scroll').locator('.room-entry-last > bdi');
    await eventually(async () => expect((await last.textContent())?.length).toBeGreaterThan(100));
    const [shown, text] = await last.evaluate(endsOf);
    expect(text).toBeLessThanOrEqual((shown ?? 0) + 1);
  }, 30_000);

  test('has links where it says http, which lead away without a trace', async () => {
    const { page } = await visit(`${chat.url}/room/links`, { as: alice });
    await composer(page).waitFor();
    const address = 'https://example.com/a?b=1&c=<d>';
    await say(page, `see ${address}, or javascript:alert(1)`);
    const link = log(page).getByRole('link');
    await link.waitFor();
    expect(await link.count()).toBe(1);
    expect(await link.evaluate((a) => [a.getAttribute('href'), a.getAttribute('rel')])).toEqual([
      'https://example.com/a?b=1&c=',
      expect.stringContaining('noopener noreferrer'),
    ]);
  }, 30_000);
});

/** Runs in the page. @returns the side at which each line of some words stands, from the top */
function sidesOfLines(words: Element): string[] {
  const box = words.getBoundingClientRect();
  return [...words.querySelectorAll('.words-line')].flatMap((line) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    const rects = [...range.getClientRects()].filter(({ width }) => width > 1);
    if (rects.length === 0) return [];
    if (Math.max(...rects.map(({ right }) => right)) > box.right - 4) return ['right'];
    // The rule beside one's own words, and the space after it, are at the left.
    return [Math.min(...rects.map(({ left }) => left)) < box.left + 24 ? 'left' : 'between'];
  });
}

/** Runs in the page. @returns where an element ends at the right, and where its text does */
function endsOf(element: Element): number[] {
  const range = document.createRange();
  range.selectNodeContents(element);
  return [element, range].map((of) => of.getBoundingClientRect().right);
}

/** By how many pixels the page is wider than its window. */
const sidewaysOverflow = (page: Page): Promise<number> =>
  log(page).evaluate((list) => list.scrollWidth - list.clientWidth);
