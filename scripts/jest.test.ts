import {expect, test} from '@jest/globals';
import {splitArguments} from './jest.ts';

test.each([
  [[], ['unit', 'deploy', 'integration', 'faults'], []],
  [['faults'], ['faults'], []],
  [
    ['unit', 'faults', 'src/core', '-t', 'unit'],
    ['unit', 'faults'],
    ['src/core', '-t', 'unit'],
  ],
  [['src/core'], ['unit', 'deploy', 'integration', 'faults'], ['src/core']],
])('%j selects the projects %j and leaves %j to jest', (args, selected, rest) => {
  expect(splitArguments(args)).toEqual({selected, rest});
});
