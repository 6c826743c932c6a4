import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { SUITE } from '../../smoke/suite.ts';
import { Target } from '../../smoke/target.ts';
import { guardedStack } from './guarded-stack.ts';

/**
 * The same checks as `npm run smoke`, against the local stack as it is by default; permissions.test.ts
 * runs them where users of other issuers come as well.
 */
let stack: Stack;
let target: Target;
beforeAll(async () => {
  stack = await guardedStack();
  target = new Target({ url: stack.url });
});
afterAll(async () => {
  await target.cleanUp();
  await stack.close();
});

describe.each(SUITE)('$title', ({ checks }) => {
  test.each(checks)('$name', ({ run }) => run(target), 60_000);
});
