import {writeFileSync} from 'node:fs';

/**
 * A jest reporter that writes a run's totals to the file that AVRO_SCIM_TEST_TOTALS names; a test
 * file that could not run counts as one that failed.
 */
export default class TotalsReporter {
  onRunComplete(_contexts, results) {
    const totals = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
    const file = process.env.AVRO_SCIM_TEST_TOTALS;
    if (file !== undefined) writeFileSync(file, JSON.stringify(totals));
  }
}
