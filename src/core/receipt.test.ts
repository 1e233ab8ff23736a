import {expect, test} from '@jest/globals';
import {receiptText} from './receipt.ts';

const steps = [{name: 'deactivate'}, {name: 'role sessions', remains: 'those that run, for 12 h'}];

test.each([
  [{steps, complete: true}, 'read back: deactivate, role sessions (remains: those that run, for 12 h)'],
  [{steps: [{name: 'deactivate'}], complete: false}, 'not all read back: deactivate'],
  [{steps: [], complete: true}, 'read back: there is no account'],
])('%j: %s', (receipt, text) => {
  expect(receiptText(receipt)).toBe(text);
});
