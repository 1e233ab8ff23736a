import {expect, test} from '@jest/globals';
import {connectors} from '../../connectors/index.ts';
import {loadConfig} from './load.ts';
import {problemText} from './problem.ts';

const problemsOf = (target: object): string[] => {
  const loaded = loadConfig({
    path: 'f.yaml',
    env: {},
    manifests: connectors.map(({manifest}) => manifest),
    readFile: () => JSON.stringify({targets: {wiki: target}}, null, 2),
  });
  return loaded.ok ? [] : loaded.problems.map((problem) => problemText('f.yaml', problem));
};
const scim = (profile: unknown, more: object = {}): object => ({
  connector: 'scim',
  config: {baseUrl: 'https://wiki.example/scim', auth: {bearer: 'of-a-test'}, profile},
  ...more,
});

test.each<[string, object, RegExp]>([
  [
    'a deletion where users are kept',
    scim('canva', {onLeave: 'delete'}),
    /wiki\.onLeave: .*deletes no users/,
  ],
  [
    'a deletion later where users are kept',
    scim('salesforce', {onLeave: {deleteAfterDays: 30}}),
    /onLeave: .*deletes no users/,
  ],
  [
    'a grace period where deactivating ends the account',
    scim('pagerduty', {onLeave: {deleteAfterDays: 30}}),
    /onLeave: .*nothing is left to delete later/,
  ],
  [
    'the same at an organization of GitHub',
    {
      connector: 'github-organization',
      config: {organization: 'acme', auth: {token: 'of-a-test'}},
      onLeave: {deleteAfterDays: 1},
    },
    /onLeave: .*nothing is left to delete later/,
  ],
  [
    'to adopt by an externalId that is not kept',
    scim({drop: ['externalId']}, {adopt: 'externalId'}),
    /wiki\.adopt: the service keeps no externalId.*userName or never/,
  ],
  [
    'to adopt by an externalId that is not sent',
    scim({attributes: ['userName', 'emails']}, {adopt: 'externalId'}),
    /wiki\.adopt: /,
  ],
  [
    'groups in a scope where there are none',
    scim('deel', {scope: {groups: 'displayName pr'}}),
    /scope\.groups: the service has no groups/,
  ],
  [
    'groups that are mapped where there are none',
    scim('deel', {groups: {map: {a: {id: '1'}}}}),
    /groups\.map: the service has no groups/,
  ],
  [
    'a profile by which nobody could be cut off',
    scim({deactivation: 'delete-only', deleteUsers: false}),
    /profile\.deleteUsers: .*nobody could be cut off/,
  ],
])('%s is refused where it stands', (_name, target, said) => {
  expect(problemsOf(target)).toEqual([expect.stringMatching(said)]);
});

test.each<[string, object]>([
  ['what is left to its default', scim('canva')],
  ['a deletion where deactivating ends the account', scim('pagerduty', {onLeave: 'delete'})],
  ['to adopt by name where no externalId is kept', scim({drop: ['externalId']}, {adopt: 'userName'})],
  ['a scope of groups where there are some', scim('generic', {scope: {groups: 'displayName pr'}})],
  ['DELETE where it is what deactivates', scim({deactivation: 'delete-only', drop: ['active']})],
])('%s is taken', (_name, target) => {
  expect(problemsOf(target)).toEqual([]);
});
