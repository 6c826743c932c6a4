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

/** The messages with these words among theirs, line by line; all that are in the document without. */
export function messages(page: Page, hasText?: string | RegExp): Locator {
  const lines = typeof hasText === 'string' ? hasText.split('\n') : [hasText];
  return lines.reduce(
    (found, line) => found.filter({ hasText: line }),
    log(page).getByRole('article'),
  );
}

/** Those that are not on their way any more. */
export const stored = (page: Page, hasText?: string | RegExp): Locator =>
  messages(page, hasText).and(page.locator(':not([data-status])'));

/** What the messages say, from the top. */
export const wordsOf = (page: Page): Promise<string[]> =>
  log(page)
    .locator('.words')
    .evaluateAll((all) =>
      all.map((words) => {
        const lines = [...words.querySelectorAll('.words-line')];
        return (lines.length > 0 ? lines : [words]).map((line) => line.textContent).join('\n');
      }),
    );

/** A room in one's list. */
export const roomEntry = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: new RegExp(name) });
