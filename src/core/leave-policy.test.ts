import {expect, test} from '@jest/globals';
import {z} from 'zod';
import type {Manifest} from './connector.ts';
import {
  endingsOf,
  leaveContradiction,
  leavePolicy,
  leaveWarning,
  type Endings,
  type OnLeave,
} from './leave-policy.ts';

const usual: Endings = {deactivates: true, deletes: true, endsAccounts: false};
const later: OnLeave = {deleteAfterDays: 2};

test.each<[string, OnLeave, Partial<Endings>, object, RegExp | undefined]>([
  ['as wanted', 'deactivate', {}, {cutOffMode: 'deactivate'}, undefined],
  ['as wanted', 'delete', {}, {cutOffMode: 'delete'}, undefined],
  ['later', later, {}, {cutOffMode: 'deactivate', deleteAfterMs: 172_800_000}, undefined],
  ['kept', 'deactivate', {deletes: false}, {cutOffMode: 'deactivate'}, undefined],
  ['kept', 'delete', {deletes: false}, {cutOffMode: 'deactivate'}, /deletes no users/],
  ['kept', later, {deletes: false}, {cutOffMode: 'deactivate'}, /deletes no users/],
  ['only deleted', 'deactivate', {deactivates: false}, {cutOffMode: 'delete'}, /can not deactivate/],
  ['only deleted', later, {deactivates: false}, {cutOffMode: 'delete'}, /can not deactivate/],
  ['only deleted', 'delete', {deactivates: false}, {cutOffMode: 'delete'}, undefined],
  ['ended', later, {endsAccounts: true}, {cutOffMode: 'deactivate'}, /nothing is left to delete later/],
  ['ended', 'delete', {endsAccounts: true}, {cutOffMode: 'delete'}, undefined],
])('%s: %j where %j', (_name, onLeave, more, policy, contradiction) => {
  const endings = {...usual, ...more};
  expect(leavePolicy(onLeave, endings)).toMatchObject(policy);
  const found = leaveContradiction(onLeave, endings);
  if (contradiction) expect(found).toMatch(contradiction);
  else expect(found).toBeUndefined();
});

test('a deactivation that ends the account is warned of, unless delete is said', () => {
  const ending = {...usual, endsAccounts: true};
  expect(leaveWarning('deactivate', ending)).toMatch(/who comes back gets a new one/);
  expect(leaveWarning('delete', ending)).toBeUndefined();
  expect(leaveWarning('deactivate', usual)).toBeUndefined();
});

test('how accounts end is what the manifest says of the service as configured', () => {
  const manifest: Manifest = {
    id: 'desks',
    summary: '',
    configSchema: z.object({}),
    capabilities: {users: true, groups: true, deactivate: true, delete: true},
    links: [],
  };
  expect(endingsOf(manifest, {})).toEqual(usual);
  const keepsUsers = (config: unknown): boolean => config === 'kept';
  expect(endingsOf({...manifest, keepsUsers}, 'kept').deletes).toBe(false);
  expect(endingsOf({...manifest, keepsUsers}, 'other').deletes).toBe(true);
  expect(endingsOf({...manifest, endsAccounts: () => true}, {}).endsAccounts).toBe(true);
  const {capabilities} = manifest;
  expect(endingsOf({...manifest, capabilities: {...capabilities, deactivate: false}}, {}).deactivates).toBe(
    false,
  );
});
