import type { Page } from 'playwright-core';

/**
 * Does to a page what a browser does that translates it, for as long as it is open: each text goes
 * out of the page, and two `font` elements with another one stand in its place.
 */
export async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const done = new WeakSet<Node>();
    const left = new Set(['SCRIPT', 'STYLE', 'TEXTAREA', 'NOSCRIPT']);
    const translateAll = () => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node as Text);
      for (const text of texts) {
        const parent = text.parentElement;
        if (done.has(text) || !parent || left.has(parent.tagName) || !text.data.trim()) continue;
        const translated = document.createTextNode(text.data);
        done.add(translated);
        const [outer, inner] = [document.createElement('font'), document.createElement('font')];
        inner.append(translated);
        outer.append(inner);
        text.replaceWith(outer);
      }
    };
    translateAll();
    new MutationObserver(translateAll).observe(document.body, {
      ...{ subtree: true, childList: true, characterData: true },
    });
  });
}

/** @returns the texts of a page that are not the only child of their element */
export function textsBesideElements(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      // What is not drawn by React stands there as it was written.
      if (!parent?.closest('#page, dialog') || parent.childNodes.length === 1) continue;
      found.push(`${parent.outerHTML.slice(0, 120)}: ${node.textContent}`);
    }
    return found;
  });
}
