import { beforeEach, expect, test } from '@jest/globals';

/** Longer than a timer that was set too long takes, which is none at all. */
const A_MOMENT_MS = 20;

// Lengthened each time it was run, its time was more than a timer can be set to, from the ninth on.
beforeEach(() => new Promise((resolve) => setTimeout(resolve, A_MOMENT_MS)), 60_000);

test.each(Array.from({ length: 10 }, (_, index) => index + 1))(
  'a hook has the same time before test %i as before the first',
  (index) => {
    expect(index).toBeGreaterThan(0);
  },
);
