import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { describeInBrowser } from './browser.ts';
import { builtPage } from './built-page.ts';
import { eventually } from './eventually.ts';
import { type Login, newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { composer, log, stored } from './room-page.ts';
import { seededWords, seedRoom } from './seeded-room.ts';

const ROOM = 'desk';
const COUNT = 60;

describeInBrowser('who writes at length', (visit) => {
  let chat: Stack;
  let alice: Login;
  prepared(async () => {
    chat = await temporaryStack({ page: await builtPage() });
    alice = await newLogin(chat.url, 'alice');
    await seedRoom(chat, ROOM, COUNT);
    return () => chat.close();
  });

  async function enter(page: Page): Promise<void> {
    await stored(page, seededWords(COUNT)).waitFor();
    await eventually(async () => expect(await belowTheScreen(page)).toBe(0));
  }

  async function writeLines(page: Page): Promise<void> {
    const before = await heightOf(page);
    for (let line = 1; line <= 6; line++) {
      await page.keyboard.type(`line ${line}`);
      await page.keyboard.press('Shift+Enter');
    }
    expect(await heightOf(page)).toBeGreaterThan(before + 100);
    // One more key measures the field again, and leaves it as high as it is.
    await page.keyboard.type('and');
  }

  /** Looked at for some frames: what is scrolled is told late. */
  async function expectAtTheNewest(page: Page): Promise<void> {
    await page.evaluate(someFrames);
    expect(await belowTheScreen(page)).toBe(0);
    expect(await page.getByRole('button', { name: 'Jump to latest' }).count()).toBe(0);
  }

  test.each([
    ['', undefined],
    [' where fields don’t grow by themselves', (tab: Page) => tab.addInitScript(forgetFieldSizing)],
  ])(
    'still sees the newest message%s',
    async (_where, prepare) => {
      const { page } = await visit(`${chat.url}/room/${ROOM}`, {
        as: alice,
        ...(prepare && { prepare }),
      });
      await enter(page);
      await writeLines(page);
      await expectAtTheNewest(page);
      await composer(page).fill('');
      await expectAtTheNewest(page);
    },
    30_000,
  );

  test('takes back what was put there by a click, as what was typed', async () => {
    const { page } = await visit(`${chat.url}/room/${ROOM}`, { as: alice });
    await enter(page);
    const field = composer(page);
    const value = () => field.inputValue();
    await field.focus();
    await page.keyboard.type('so it is');
    for (let back = 0; back < ' it is'.length; back++) await page.keyboard.press('ArrowLeft');
    await page.getByRole('button', { name: 'Emoji' }).click();
    await page.getByRole('searchbox', { name: 'Search emoji' }).pressSequentially('rocket');
    await page.keyboard.press('Enter');
    await eventually(async () => expect(await value()).toBe('so🚀 it is'));
    await page.keyboard.type('!');
    expect(await value()).toBe('so🚀! it is');
    await undoTo(page, 'so it is');
    await undoTo(page, '');
    await page.keyboard.press('Control+Shift+z');
    expect(await value()).not.toBe('');

    // What was sent by mistake is taken back too, to be written anew.
    await field.fill('');
    await page.keyboard.type('sent too soon');
    await page.keyboard.press('Enter');
    await stored(page, 'sent too soon').waitFor();
    expect(await value()).toBe('');
    await undoTo(page, 'sent too soon');
    await page.reload();
    await eventually(async () => expect(await value()).toBe('sent too soon'));
    await field.fill('');
  }, 30_000);

  test('ends words of an input method by Enter, in all fields, without more', async () => {
    const { page } = await visit(`${chat.url}/room/${ROOM}`, { as: alice });
    await enter(page);
    const field = composer(page);
    await field.fill('日本');
    await field.evaluate(endWord);
    expect(await field.inputValue()).toBe('日本');

    await page.getByRole('button', { name: 'Emoji' }).click();
    const emoji = page.getByRole('searchbox', { name: 'Search emoji' });
    await emoji.evaluate(write, 'flag japan');
    await emoji.evaluate(endWord);
    expect(await emoji.inputValue()).toBe('flag japan');
    await emoji.press('Enter');
    expect(await field.inputValue()).toBe('日本🇯🇵');

    await page.keyboard.press('Control+k');
    const room = page.getByRole('combobox', { name: 'Room' });
    await room.evaluate(write, '日本');
    await room.evaluate(endWord);
    expect(await room.inputValue()).toBe('日本');
    await room.press('Enter');
    await page.getByRole('heading', { name: '日本', level: 1 }).waitFor();
  }, 30_000);

  test('stays above a keyboard that lies over the page', async () => {
    const { page } = await visit(`${chat.url}/room/${ROOM}`, {
      as: alice,
      viewport: { width: 390, height: 700 },
      prepare: (tab) => tab.addInitScript(fakeVisualViewport),
    });
    await enter(page);
    const box = page.getByRole('form', { name: 'New message' });
    const bottom = async () => {
      const { y = 0, height = 0 } = (await box.boundingBox()) ?? {};
      return y + height;
    };
    expect(await bottom()).toBe(700);
    await page.evaluate(seeOnly, 400);
    expect(await bottom()).toBe(400);
    await expectAtTheNewest(page);
    await page.evaluate(seeOnly, 700);
    expect(await bottom()).toBe(700);
    await expectAtTheNewest(page);
  }, 30_000);
});

/** Browsers take back more or less at once: it is there after a few steps. */
async function undoTo(page: Page, text: string): Promise<void> {
  const value = () => composer(page).inputValue();
  for (let steps = 0; steps < 30 && (await value()) !== text; steps++) {
    await page.keyboard.press('Control+z');
  }
  expect(await value()).toBe(text);
}

/** Runs in the page: React hears nothing of what Playwright fills into its fields in Firefox. */
function write(field: HTMLElement, words: string): void {
  const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  value?.set?.call(field, words);
  field.dispatchEvent(new InputEvent('input', { bubbles: true, data: words }));
}

/** Runs in the page: what browsers tell of the Enter that ends a word, Safari after its end. */
function endWord(field: HTMLElement): void {
  for (const told of [{ isComposing: true }, { keyCode: 229 }]) {
    const key = { key: 'Enter', bubbles: true, cancelable: true, ...told };
    field.dispatchEvent(new KeyboardEvent('keydown', key));
  }
}

const heightOf = (page: Page) => composer(page).evaluate((field) => field.clientHeight);

const belowTheScreen = (page: Page) =>
  log(page).evaluate((list) => Math.round(list.scrollHeight - list.scrollTop - list.clientHeight));

/** Runs in the page. */
async function someFrames(): Promise<void> {
  for (let frame = 0; frame < 20; frame++) await new Promise(requestAnimationFrame);
}

/** Runs in the page: a browser of which `field-sizing` is not known. */
function forgetFieldSizing(): void {
  const supports = CSS.supports.bind(CSS);
  CSS.supports = (property: string, value?: string) =>
    property !== 'field-sizing' &&
    (value === undefined ? supports(property) : supports(property, value));
  const style = new CSSStyleSheet();
  style.replaceSync('textarea { field-sizing: fixed !important }');
  addEventListener('DOMContentLoaded', () => document.adoptedStyleSheets.push(style));
}

/** Runs in the page: a part of it that one sees, as `seeOnly` has it. */
function fakeVisualViewport(): void {
  const view = Object.assign(new EventTarget(), { scale: 1, height: innerHeight });
  Object.defineProperty(window, 'visualViewport', { value: view });
}

/** Runs in the page. */
function seeOnly(height: number): void {
  const view = window.visualViewport;
  if (!view) return;
  Object.assign(view, { height });
  view.dispatchEvent(new Event('resize'));
}
