import type { Page } from 'playwright-core';

export interface TypingCost {
  /** What the page's main thread was busy with one key, in milliseconds of processor time. */
  cpuPerKeyMs: number;
  /** Between two frames while somebody types, in milliseconds. */
  medianFrameMs: number;
}

/**
 * Types a text key by key, and measures what it costs. Processor time is counted, not the clock's,
 * so that a machine which does much else changes little.
 */
export async function typingCost(page: Page, text: string): Promise<TypingCost> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busySeconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const frames = await page.evaluateHandle(watchFrames);
  const before = await busySeconds();
  await page.keyboard.type(text);
  const busy = (await busySeconds()) - before;
  const gaps = await frames.evaluate((watch) => watch.stop());
  await session.detach();
  return { cpuPerKeyMs: (busy * 1_000) / text.length, medianFrameMs: median(gaps) };
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
