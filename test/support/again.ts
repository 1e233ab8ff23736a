import {jest} from '@jest/globals';

/**
 * Of a test with real services that fails, so many more attempts; none unless the environment says so. The first failure is
 * printed all the same: it is a race in the test, or in the program, and to be looked at.
 */
const attempts = Number(process.env['AVRO_SCIM_TEST_AGAIN'] ?? 0);
jest.retryTimes(attempts, {logErrorsBeforeRetry: true});
