import {describe, expect, test} from '@jest/globals';
import type {HttpRequest} from '../../src/core/connector.ts';
import {noSuch, port} from './testing/port.ts';
import {options} from './testing/scripted.ts';

describe('members', () => {
  const change = {add: ['a'], remove: ['x', 'y']};
  const body = ({body: text = '{}'}: HttpRequest): unknown =>
    (JSON.parse(text) as {Operations: unknown}).Operations;

  test('are removed one by one, never with a list, in one request', async () => {
    const {
      port: made,
      made: {requests},
    } = port(() => [204]);
    expect(await made.groups.changeMembers('g', change, options)).toEqual({ok: true, value: 'changed'});
    expect(requests.map(body)).toEqual([
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
    } = port(() => [200, {id: 'g'}], {memberRemove: 'value-array'});
    await made.groups.changeMembers('g', {add: [], remove: ['x']}, options);
    expect(requests.map(body)).toEqual([[{op: 'remove', path: 'members', value: [{value: 'x'}]}]]);
  });

  test('one who is not in, at a server that minds: the rest is done', async () => {
    const {
      port: made,
      made: {requests},
    } = port(({method}, nth) => {
      if (method === 'GET') return [200, {id: 'g', members: [{value: 'x'}]}];
      return nth === 1 ? [400, {scimType: 'noTarget'}] : [204];
    });
    expect(await made.groups.changeMembers('g', change, options)).toEqual({ok: true, value: 'changed'});
    expect(body(requests[2] as HttpRequest)).toEqual([
      {op: 'remove', path: 'members[value eq "x"]'},
      {op: 'add', path: 'members', value: [{value: 'a'}]},
    ]);
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
