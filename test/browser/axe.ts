import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const SOURCE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** @returns what axe finds wrong in the page as it is, each with the elements it is about */
export async function flaws(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    // Not as a script element: that is what the content security policy forbids.
    await page.evaluate(await readFile(SOURCE, 'utf8'));
  }
  const { violations } = await page.evaluate(runAxe);
  return violations.map(({ id, impact, nodes }) =>
    [`${id} (${impact})`, ...nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`)].join(
      '\n  ',
    ),
  );
}

/** Runs in the page. */
async function runAxe(): Promise<Pick<AxeResults, 'violations'>> {
  const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
  const { violations } = await axe.run();
  return { violations };
}
