import {describe, expect, test} from '@jest/globals';
import {failed, ok, type Failure} from '../failure.ts';
import type {GroupPort} from '../port.ts';
import {changeMembers} from './members.ts';

const options = {signal: new AbortController().signal};
const rejected: Failure = {kind: 'rejected', message: '', cause: '400'};

const members = (count: number) =>
  Array.from({length: count}, (_, i) => ({subject: `u${i}`, remoteId: `r${i}`}));
const groups = (changeMembers: GroupPort['changeMembers']) =>
  ({membersPerRequest: 100, changeMembers}) as GroupPort;

test('one bad member among a hundred is found, and the rest go in', async () => {
  let requests = 0;
  const port = groups((_, {add}) => {
    requests += 1;
    return Promise.resolve(add.includes('r41') ? failed(rejected) : ok('changed' as const));
  });
  const result = await changeMembers(port, 'g', {add: members(100), remove: []}, options);
  expect(result.refused).toEqual([{subject: 'u41', add: true, failure: rejected}]);
  expect(result.done).toHaveLength(99);
  expect(requests).toBeLessThanOrEqual(15);
});

test('one who can not be a member yet keeps nobody out, and is asked for again', async () => {
  const unresolved: Failure = {kind: 'unresolved', message: '', cause: 'invitation not accepted'};
  const port = groups((_, {add}) =>
    Promise.resolve(add.includes('r41') ? failed(unresolved) : ok('changed' as const)),
  );
  const result = await changeMembers(port, 'g', {add: members(100), remove: []}, options);
  expect(result).toMatchObject({refused: [], missing: false, failure: unresolved});
  expect(result.done).toHaveLength(99);
  expect(result.done).not.toContain('u41');
});

test('what every member is refused for is not about the members', async () => {
  const result = await changeMembers(
    groups(() => Promise.resolve(failed(rejected))),
    'g',
    {add: members(100), remove: []},
    options,
  );
  expect(result).toMatchObject({done: [], refused: [], failure: rejected});
});

describe('where each takes reads of its own', () => {
  const oneByOne = (prepareMembers: GroupPort['prepareMembers']) =>
    ({
      membersPerRequest: 1,
      changeMembers: () => Promise.resolve(failed({...rejected, cause: 'unprepared'})),
      prepareMembers,
    }) as unknown as GroupPort;

  test('what all of them need is read once, and one bad member is refused alone', async () => {
    const prepared: string[][] = [];
    let requests = 0;
    const port = oneByOne((_, {add}) => {
      prepared.push([...add]);
      return Promise.resolve(
        ok((_group, one) => {
          requests += 1;
          return Promise.resolve(one.add.includes('r41') ? failed(rejected) : ok('changed' as const));
        }),
      );
    });
    const result = await changeMembers(port, 'g', {add: members(100), remove: []}, options);
    expect(prepared).toEqual([members(100).map(({remoteId}) => remoteId)]);
    expect(requests).toBe(100);
    expect(result.refused).toEqual([{subject: 'u41', add: true, failure: rejected}]);
    expect(result.done).toHaveLength(99);
  });

  test.each<[string, Awaited<ReturnType<NonNullable<GroupPort['prepareMembers']>>>, object]>([
    ['a failure', failed(rejected), {done: [], refused: [], missing: false, failure: rejected}],
    ['a group that is gone', ok('missing'), {done: [], refused: [], missing: true}],
    ['nothing to read at once', ok(undefined), {done: [], failure: {cause: 'unprepared'}}],
  ])('%s', async (_name, answer, expected) => {
    const port = oneByOne(() => Promise.resolve(answer));
    const result = await changeMembers(port, 'g', {add: members(10), remove: []}, options);
    expect(result).toMatchObject(expected);
  });
});

test('a passing failure keeps what was done and stops', async () => {
  const transient: Failure = {kind: 'transient', message: '', cause: '500'};
  let requests = 0;
  const port = groups(() =>
    Promise.resolve((requests += 1) === 1 ? ok('changed' as const) : failed(transient)),
  );
  const result = await changeMembers(port, 'g', {add: members(250), remove: []}, options);
  expect(result.done).toHaveLength(100);
  expect(result.failure).toBe(transient);
  expect(requests).toBe(2);
});
