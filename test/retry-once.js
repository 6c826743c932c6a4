import { jest } from '@jest/globals';

// These engines are led over young protocols: what fails once is tried once more, and both are told.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
