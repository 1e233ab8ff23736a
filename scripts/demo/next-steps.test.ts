import {expect, test} from '@jest/globals';
import {readFileSync} from 'node:fs';
import {nextSteps} from './next-steps.ts';

test('what is to be tried is run as the README runs it, without warnings of Node’s', () => {
  const [, alias = 'none'] =
    /^alias avro-scim='(.+)'$/m.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')) ?? [];
  expect(nextSteps[1]).toContain(`${alias} config example`);
});
