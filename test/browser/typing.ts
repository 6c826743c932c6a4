import type { Page } from 'playwright-core';
import { ENGINE } from './engine.ts';

export interface TypingCost {
  /** For how long one key keeps the page's main thread busy, in milliseconds of processor time, which
   * only Chromium tells. */
  cpuPerKeyMs: number | undefined;
  /** Between two frames while somebody types, in milliseconds. */
  medianFrameMs: number;
}

/**
 * Types a text key by key, and measures what it costs. Processor time is counted, not the clock's,
 * so that a machine which does much else changes little.
 */
export async function typingCost(page: Page, text: string): Promise<TypingCost> {
  const clock = ENGINE === 'chromium' ? await processorClock(page) : undefined;
  const frames = await page.evaluateHandle(watchFrames);
  const before = await clock?.();
  await page.keyboard.type(text);
  const after = await clock?.();
  const gaps = await frames.evaluate((watch) => watch.stop());
  const busyMs = before === undefined || after === undefined ? undefined : after - before;
  return { cpuPerKeyMs: busyMs && busyMs / text.length, medianFrameMs: median(gaps) };
}

/** @returns what tells for how long the page's main thread has been busy, in milliseconds */
async function processorClock(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  };
}

/** Runs in the page. */
function watchFrames() {
  const times: number[] = [];
  let watching = true;
  const frame = (at: number) => {
    times.push(at);
    if (watching) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  return {
    /** @returns the time between each frame and the next */
    stop: () => {
      watching = false;
      return times.slice(1).map((at, index) => at - (times[index] ?? at));
    },
  };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
