import type { Locator, Page } from 'playwright-core';

/** What somebody sees and does in a room, by the names that a screen reader would say. */

/** Where one writes; it is there once one is in a room. */
export const composer = (page: Page): Locator =>
  page.getByRole('textbox', { name: /^Message to / });

export async function say(page: Page, words: string): Promise<void> {
  await composer(page).fill(words);
  await composer(page).press('Enter');
}

/** The list of messages. */
export const log = (page: Page): Locator => page.getByRole('log', { name: 'Messages' });

/** The messages with these words among theirs; all that are in the document without. */
export const messages = (page: Page, hasText?: string | RegExp): Locator =>
  log(page).getByRole('article').filter({ hasText });

/** Those that are not on their way any more. */
export const stored = (page: Page, hasText?: string | RegExp): Locator =>
  messages(page, hasText).and(page.locator(':not([data-status])'));

/** What the messages say, from the top. */
export const wordsOf = (page: Page): Promise<string[]> =>
  log(page)
    .locator('.words')
    .evaluateAll((all) => all.map((words) => words.textContent ?? ''));

/** A room in one's list. */
export const roomEntry = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: new RegExp(name) });
