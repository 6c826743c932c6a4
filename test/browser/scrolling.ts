import type { Page, Request } from 'playwright-core';
import { log } from './room-page.ts';

/** Scrolls up as fast as it goes, until there is nothing before. */
export async function readToTheStart(page: Page): Promise<void> {
  await log(page).evaluate(
    (list) =>
      new Promise<void>((resolve) => {
        const scroll = () => {
          list.scrollTop = 0;
          if (list.textContent?.includes('Here begins')) resolve();
          else requestAnimationFrame(scroll);
        };
        scroll();
      }),
  );
}

/** So near to an end one is when more is loaded there; in pixels. */
const NEAR = 700;

/**
 * Scrolls near an end of what is loaded, by the wheel, and follows the first line on the screen
 * while a page of history comes at that end.
 *
 * @returns how far the line moved from where it was, in pixels
 */
export async function driftWhileLoading(page: Page, end: 'older' | 'newer'): Promise<number> {
  const parameter = end === 'older' ? 'before=' : 'after=';
  const wanted = (request: Request) =>
    request.url().includes('/messages/') && request.url().includes(parameter);
  let letThrough = () => {};
  const open = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route('**/messages/**', async (route) => {
    if (wanted(route.request())) await open;
    await route.continue();
  });
  const asked = page.waitForRequest(wanted);
  await log(page).hover();
  await page.mouse.wheel(0, await log(page).evaluate(distanceTo, { end, near: NEAR }));
  await asked;
  const line = await log(page).evaluateHandle(followFirstLine);
  letThrough();
  const furthest = await line.evaluate(({ furthest }) => furthest());
  await page.unroute('**/messages/**');
  return furthest;
}

/** Runs in the page. */
function distanceTo(list: Element, { end, near }: { end: string; near: number }): number {
  if (end === 'older') return near - list.scrollTop;
  return list.scrollHeight - list.clientHeight - near - list.scrollTop;
}

/**
 * Runs in the page.
 *
 * @returns once nothing moves
 */
async function followFirstLine(list: Element) {
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let still = 0, at = list.scrollTop; still < 10; still++) {
    await nextFrame();
    if (list.scrollTop !== at) still = 0;
    at = list.scrollTop;
  }
  const top = list.getBoundingClientRect().top;
  const line = [...list.querySelectorAll('article')].find(
    (article) => article.getBoundingClientRect().top >= top,
  );
  if (!line) throw new Error('No line is on the screen.');
  const [start, height] = [line.getBoundingClientRect().top, list.scrollHeight];
  return {
    /** How far it came from where it was, until the list is longer and for some frames after. */
    async furthest(): Promise<number> {
      let furthest = 0;
      for (let frames = 0; frames < 20; ) {
        await nextFrame();
        if (!line.isConnected) throw new Error('The line has left the document.');
        furthest = Math.max(furthest, Math.abs(line.getBoundingClientRect().top - start));
        if (list.scrollHeight > height + 1_000) frames++;
      }
      return furthest;
    },
  };
}
