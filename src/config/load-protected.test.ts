import {expect, test} from '@jest/globals';
import {z} from 'zod';
import {loadConfig} from './load.ts';
import {problemText} from './problem.ts';

const manifest = {
  ...{id: 'scim', summary: 'For these tests.', configSchema: z.strictObject({}), links: []},
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
};
const load = (text: string) =>
  loadConfig({path: '/f.yaml', env: {}, manifests: [manifest], readFile: () => text});

const target = `targets:
  wiki:
    connector: scim
`;

test('what is protected everywhere is protected at a target beside its own', () => {
  const loaded = load(
    `${target}    protected: {names: [a, b], filter: title pr}\nprotected: {names: [b, c], filter: active pr, groups: [g]}\n`,
  );
  expect(loaded.ok && loaded.config.targets['wiki']?.protected).toEqual({
    ...{names: ['b', 'c', 'a'], filters: ['active pr', 'title pr'], groups: ['g']},
  });
});

test('nobody is, unless it is said', () => {
  const loaded = load(target);
  expect(loaded.ok && loaded.config.targets['wiki']?.protected).toEqual({names: [], filters: [], groups: []});
});

test.each([
  [
    `${target}    protected: {filter: usrName eq "a"}\n`,
    'f:4:25: targets.wiki.protected.filter: column 1: usrName is not an attribute of a user or a group',
  ],
  [`protected: {names: ada}\n${target}`, 'f:1:20: protected.names: expected a list, found "ada"'],
  [
    `protected: {name: [ada]}\n${target}`,
    'f:1:13: protected.name: unknown setting; known here: names, filter, groups',
  ],
])('a mistake is told with line and column', (text, problem) => {
  const loaded = load(text);
  expect(loaded.ok ? [] : loaded.problems.map((one) => problemText('f', one))).toEqual([problem]);
});
