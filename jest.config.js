import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

// For the programs that tests start, a hundred of them, which load the same modules each time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('node_modules/.cache/parlor-compiled', import.meta.url),
);

/** What runs in the browser that PARLOR_BROWSER names: everything in Chromium, a part in others. */
const TESTS = {
  chromium: {
    testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
    ignored: ['<rootDir>/test/webkit/'],
  },
  firefox: { testMatch: ['<rootDir>/test/browser/**/*.test.ts'], ignored: [] },
  webkit: { testMatch: ['<rootDir>/test/webkit/**/*.test.ts'], ignored: [] },
};
const { PARLOR_BROWSER: browser = 'chromium' } = process.env;
if (!(browser in TESTS)) {
  throw new Error(`PARLOR_BROWSER is ${browser}, not one of ${Object.keys(TESTS).join(', ')}.`);
}
const { testMatch, ignored } = TESTS[browser];

/**
 * Suites that judge what the others rest on, that kill and flood, or that try all there is:
 * `npm run test:long`. In other browsers than Chromium the page's are run with the rest.
 */
const LONG = '<rootDir>/test/**/*.long.test.ts';
const isLong = process.env.PARLOR_LONG_TESTS === '1';

/** What takes seconds to load is loaded once in a worker, and not by each suite. */
const NATIVE = '(aws-cdk-lib|constructs|cdk-nag|playwright-core)/';

/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/patient-environment.js',
  setupFilesAfterEnv: ['<rootDir>/test/retry-once.js'],
  testMatch: isLong ? [LONG] : testMatch,
  testPathIgnorePatterns: [
    '/node_modules/',
    ...ignored,
    ...(isLong || browser !== 'chromium' ? [] : ['\\.long\\.test\\.ts$']),
  ],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '\\.tsx?$': '<rootDir>/test/esbuild-transformer.js',
    [`/node_modules/${NATIVE}.*\\.js$`]: '<rootDir>/test/native-package.js',
  },
  transformIgnorePatterns: [`/node_modules/(?!${NATIVE})`],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist'],
  testTimeout: 60_000,
  // One more than cores: many suites mostly wait, for servers and browsers.
  maxWorkers: availableParallelism() + 1,
};
