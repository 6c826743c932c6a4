import { expect, jest } from '@jest/globals';

/**
 * A browser's test that fails is tried once more, and both attempts are told: in Firefox and WebKit,
 * which are led over young protocols; and in CI, on machines that stall. Not in a developer's own run,
 * where a test that fails now and then is to be seen.
 */
const { PARLOR_BROWSER: engine = 'chromium', CI } = process.env;
const inBrowser = /\/test\/(browser|webkit)\//.test(expect.getState().testPath ?? '');
if (inBrowser && (CI || engine !== 'chromium')) {
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
