import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';

/** Ends what was prepared. */
type End = () => Promise<unknown>;

/**
 * Prepares what the tests of a suite share, before the first of them; and anew before a test that is
 * tried a second time (retry-once.js), which must not find what its first attempt left: a message
 * that is there twice, an account that exists, a room that was read.
 */
export function prepared(prepare: () => Promise<End>, timeoutMs?: number): void {
  const tried = new Set<string | undefined>();
  let end: End = async () => {};
  beforeAll(async () => {
    end = await prepare();
  }, timeoutMs);
  beforeEach(async () => {
    const { currentTestName } = expect.getState();
    if (tried.has(currentTestName)) {
      await end();
      end = await prepare();
    }
    tried.add(currentTestName);
  }, timeoutMs);
  afterAll(() => end());
}
