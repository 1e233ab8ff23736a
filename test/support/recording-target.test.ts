import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {startTargetProcess} from './recording-target-process.ts';
import {startRecordingTarget, type RecordingTarget} from './recording-target.ts';
import {drawFaults} from './target/faults.ts';

let target: RecordingTarget;

beforeEach(async () => {
  target = await startRecordingTarget();
});
afterEach(() => target.close());

async function ask(
  method: string,
  path: string,
  body?: object,
): Promise<{status: number; body: Record<string, unknown>}> {
  const answer = await fetch(`${target.url}${path}`, {
    method,
    headers: {'content-type': 'application/scim+json', authorization: 'Bearer t'},
    ...(body === undefined ? {} : {body: JSON.stringify(body)}),
  });
  const text = await answer.text();
  return {status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)};
}

const patch = (path: string, ...Operations: object[]) => ask('PATCH', path, {Operations});

describe('users', () => {
  test('a user is created once, found without regard to case, replaced and deleted', async () => {
    const created = await ask('POST', '/Users', {userName: 'ada', externalId: 'u1'});
    expect(created).toMatchObject({status: 201, body: {userName: 'ada', id: 'user-1'}});
    expect(await ask('POST', '/Users', {userName: 'ADA'})).toMatchObject({
      status: 409,
      body: {scimType: 'uniqueness'},
    });
    const found = await ask(
      'GET',
      `/Users?filter=${encodeURIComponent('userName eq "Ada" and externalId eq "u1"')}`,
    );
    expect(found.body).toMatchObject({totalResults: 1, Resources: [{id: 'user-1'}]});
    await ask('PUT', '/Users/user-1', {userName: 'ada.l'});
    expect(target.users.get('user-1')).not.toHaveProperty('externalId');
    expect((await ask('DELETE', '/Users/user-1')).status).toBe(204);
    expect((await ask('GET', '/Users/user-1')).status).toBe(404);
  });

  test('pages start where they are asked to and end', async () => {
    for (const userName of ['a', 'b', 'c']) await ask('POST', '/Users', {userName});
    const page = await ask('GET', '/Users?startIndex=3&count=2');
    expect(page.body).toMatchObject({totalResults: 3, itemsPerPage: 1, Resources: [{userName: 'c'}]});
  });
});

describe('patch', () => {
  test('an extension, a sub-attribute and a valued element are changed and removed', async () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    await ask('POST', '/Users', {userName: 'ada', emails: [{type: 'work', value: 'a@x.test'}], title: 'Dr'});
    const changed = await patch(
      '/Users/user-1',
      {op: 'replace', path: 'name.familyName', value: 'L'},
      {op: 'add', path: `${urn}:manager.value`, value: 'm'},
      {op: 'replace', path: 'emails[type eq "work"].value', value: 'b@x.test'},
      {op: 'remove', path: 'title'},
    );
    expect(changed.body).toMatchObject({
      name: {familyName: 'L'},
      [urn]: {manager: {value: 'm'}},
      emails: [{value: 'b@x.test'}],
    });
    expect(changed.body).not.toHaveProperty('title');
  });

  test('members are added once, and one is removed by its value', async () => {
    await ask('POST', '/Groups', {displayName: 'g'});
    await patch('/Groups/group-1', {op: 'add', path: 'members', value: [{value: 'a'}, {value: 'b'}]});
    await patch('/Groups/group-1', {op: 'add', path: 'members', value: [{value: 'b'}, {value: 'c'}]});
    const after = await patch('/Groups/group-1', {op: 'remove', path: 'members[value eq "a"]'});
    expect(after.body).toMatchObject({members: [{value: 'b'}, {value: 'c'}]});
  });
});

describe('groups that know their members', () => {
  beforeEach(async () => {
    await target.close();
    target = await startRecordingTarget({checksMembers: true});
    for (const userName of ['a', 'b']) await ask('POST', '/Users', {userName});
    await ask('POST', '/Groups', {displayName: 'g', members: [{value: 'user-1'}]});
  });
  const members = () => target.groups.get('group-1')?.['members'];

  test('a change is answered without a body, and kept with what was written', async () => {
    const add = {op: 'add', path: 'members', value: [{value: 'user-2'}]};
    expect(await patch('/Groups/group-1', add)).toEqual({status: 204, body: {}});
    expect(target.requests.at(-1)?.written).toMatchObject({members: [{value: 'user-1'}, {value: 'user-2'}]});
  });

  test.each([
    ['nobody enters who is not there', 'invalidValue', {op: 'add', path: 'members', value: [{value: 'x'}]}],
    ['nobody is removed who is not in', 'noTarget', {op: 'remove', path: 'members[value eq "user-2"]'}],
  ])('%s, and nothing else of the request is done', async (_, scimType, refused) => {
    const remove = {op: 'remove', path: 'members[value eq "user-1"]'};
    expect(await patch('/Groups/group-1', remove, refused)).toMatchObject({status: 400, body: {scimType}});
    expect(members()).toEqual([{value: 'user-1'}]);
  });

  test('who is deleted is in no group', async () => {
    await ask('DELETE', '/Users/user-1');
    expect(members()).toEqual([]);
  });
});

test('requests are kept in order, with what was written and what was not carried out', async () => {
  const faults = ['none', 'lost', 'answer', 'reset'];
  target.hook(() => {
    const kind = faults.shift();
    if (kind === 'answer') return {kind, status: 429, headers: {'retry-after': '1'}};
    return kind === 'lost' || kind === 'reset' ? {kind} : undefined;
  });
  await ask('POST', '/Users', {userName: 'a'});
  await expect(ask('POST', '/Users', {userName: 'b'})).rejects.toThrow();
  await ask('POST', '/Users', {userName: 'c'}).catch(() => undefined);
  await expect(ask('POST', '/Users', {userName: 'd'})).rejects.toThrow();
  const shown = target.requests.map(({status, answered, written}) => [
    status,
    answered,
    written?.['userName'],
  ]);
  expect(shown).toEqual([
    [201, true, 'a'],
    [201, false, 'b'],
    [429, true, undefined],
    [0, false, undefined],
  ]);
});

test('one seed draws one row of faults, in the shares asked for', () => {
  const draw = (seed: number) =>
    Array.from({length: 1000}, drawFaults(seed, [{share: 0.1, fault: {kind: 'reset'}}]));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  const hits = draw(7).filter((fault) => fault !== undefined).length;
  expect(hits).toBeGreaterThan(70);
  expect(hits).toBeLessThan(130);
});

test('in a process of its own it answers, behaves as told, and shows what it has', async () => {
  const apart = await startTargetProcess({record: true});
  try {
    await fetch(`${apart.url}/Users`, {method: 'POST', body: '{"userName":"a"}'});
    await apart.behave({faults: [{share: 1, fault: {kind: 'answer', status: 503}}]});
    expect((await fetch(`${apart.url}/Users`)).status).toBe(503);
    const {count, requests, users} = await apart.snapshot();
    expect([count, requests.length, users.map((user) => user['userName'])]).toEqual([2, 2, ['a']]);
  } finally {
    await apart.close();
  }
});
