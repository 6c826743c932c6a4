import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

// For the programs that tests start, a hundred of them, which load the same modules each time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('node_modules/.cache/parlor-compiled', import.meta.url),
);

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': '<rootDir>/test/esbuild-transformer.js' },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist'],
  testTimeout: 20_000,
  // One more than cores: many suites mostly wait, for servers and browsers.
  maxWorkers: availableParallelism() + 1,
};
