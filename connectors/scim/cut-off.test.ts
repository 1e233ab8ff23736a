import {expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import {noSuch, port} from './testing/port.ts';
import {options} from './testing/scripted.ts';

test.each([
  ['deactivate', {}, ['deactivate']],
  ['delete', {}, ['deactivate', 'delete']],
  ['deactivate', {deactivation: 'delete-only'}, ['delete']],
] as const)('the receipt of %s, with %j, names once what SCIM can not end', async (mode, profile, steps) => {
  const {port: made} = port(({method, url}) => {
    if (method !== 'GET') return [204];
    if (url.search !== '') return [200, {totalResults: 0}];
    return steps.length === 1 && steps[0] === 'deactivate' ? [200, {id: 'u', active: false}] : [404, noSuch];
  }, profile);
  const {receipt, failure} = await cutOff(made.cutOffSteps(mode), 'u', options, Date.now);
  expect(failure).toBeUndefined();
  expect(receipt.steps.map(({name}) => name)).toEqual(steps);
  const told = receipt.steps.flatMap(({remains}) => remains ?? []);
  expect(told).toEqual([expect.stringContaining('sessions and tokens that the service does not end')]);
});
