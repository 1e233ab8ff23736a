import {describe, expect, test} from '@jest/globals';
import type {HttpRequest} from '../../src/core/connector.ts';
import {noSuch, port, type Reply} from './testing/port.ts';
import {options} from './testing/scripted.ts';

describe('members', () => {
  const change = {add: ['a'], remove: ['x', 'y']};
  const body = ({body: text = '{}'}: HttpRequest): unknown =>
    (JSON.parse(text) as {Operations: unknown}).Operations;

  const writes = (requests: readonly HttpRequest[]): HttpRequest[] =>
    requests.filter(({method}) => method !== 'GET');
  /** A group of these, until it is written as often as it takes. */
  const groupOf = (ids: readonly string[], takes = 1): Reply => {
    let written = 0;
    return ({method}) => {
      if (method !== 'GET') return ++written < takes ? [400, {scimType: 'noTarget'}] : [204];
      const members = written < takes ? ids.map((value) => ({value})) : [];
      return [200, {id: 'g', members}];
    };
  };

  test('are removed one by one, never with a list, in one request', async () => {
    const {
      port: made,
      made: {requests},
    } = port(groupOf(['x', 'y']));
    expect(await made.groups.changeMembers('g', change, options)).toEqual({ok: true, value: 'changed'});
    expect(writes(requests).map(body)).toEqual([
      [
        {op: 'remove', path: 'members[value eq "x"]'},
        {op: 'remove', path: 'members[value eq "y"]'},
        {op: 'add', path: 'members', value: [{value: 'a'}]},
      ],
    ]);
  });

  test('are removed with a list where the profile says so', async () => {
    const {
      port: made,
      made: {requests},
    } = port(groupOf(['x']), {memberRemove: 'value-array'});
    await made.groups.changeMembers('g', {add: [], remove: ['x']}, options);
    expect(writes(requests).map(body)).toEqual([[{op: 'remove', path: 'members', value: [{value: 'x'}]}]]);
  });

  test('one who is not in, at a server that minds: the rest is done', async () => {
    const {
      port: made,
      made: {requests},
    } = port(groupOf(['x'], 2));
    expect(await made.groups.changeMembers('g', change, options)).toEqual({ok: true, value: 'changed'});
    expect(body(writes(requests)[1] as HttpRequest)).toEqual([
      {op: 'remove', path: 'members[value eq "x"]'},
      {op: 'add', path: 'members', value: [{value: 'a'}]},
    ]);
  });

  test.each<[string, object]>([
    ['takes a PATCH that it does not understand', {}],
    ['merges a PUT', {update: 'put'}],
  ])('a removal is not believed of a service that %s and still shows who was in', async (_what, profile) => {
    const still = port(
      ({method}) => (method === 'GET' ? [200, {id: 'g', members: [{value: 'x'}]}] : [204]),
      profile,
    );
    expect(await still.port.groups.changeMembers('g', {add: [], remove: ['x']}, options)).toMatchObject({
      failure: {kind: 'rejected', cause: 'member still in', maybeDone: true},
    });
  });

  test('once a removal was seen to work, the next one is a single request', async () => {
    const {
      port: made,
      made: {requests},
    } = port(groupOf(['x']));
    const out = {add: [], remove: ['x']};
    expect(await made.groups.changeMembers('g', out, options)).toEqual({ok: true, value: 'changed'});
    const before = requests.length;
    expect(await made.groups.changeMembers('g', out, options)).toEqual({ok: true, value: 'changed'});
    expect([before, requests.length]).toEqual([3, 4]);
  });

  test('a service that shows no group is believed', async () => {
    const {port: made} = port(({method}) => (method === 'GET' ? [501] : [204]));
    const out = {add: [], remove: ['x']};
    expect(await made.groups.changeMembers('g', out, options)).toEqual({ok: true, value: 'changed'});
  });

  test('a 404 for a member of a group that is there is refused, not missing', async () => {
    const {port: made} = port(({method, url}) => {
      if (method !== 'GET') return [404, noSuch];
      return url.pathname.endsWith('/Users') ? [200, {totalResults: 0}] : [200, {id: 'g'}];
    });
    expect(await made.groups.changeMembers('g', change, options)).toMatchObject({
      ok: false,
      failure: {kind: 'rejected', cause: '404 member'},
    });
  });
});
