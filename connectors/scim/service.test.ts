import {describe, expect, test} from '@jest/globals';
import type {Result} from '../../src/core/failure.ts';
import {scim} from './index.ts';
import {noSuch, port} from './testing/port.ts';
import {options, scripted} from './testing/scripted.ts';

describe('updates', () => {
  const auto = {update: 'auto'};
  const update = {desired: {title: 'x'}, changed: ['title']};

  test.each<[string, object | undefined, string]>([
    ['PATCH is supported', {patch: {supported: true}}, 'PATCH'],
    ['PATCH is not supported', {patch: {supported: false}}, 'PUT'],
    ['nothing is said', {}, 'PATCH'],
    ['there is no ServiceProviderConfig', undefined, 'PATCH'],
  ])('%s: it is asked once, and every update is a %s', async (_name, config, method) => {
    const {
      port: made,
      made: {requests},
    } = port(({url}) => {
      if (!url.pathname.endsWith('/ServiceProviderConfig'))
        return [200, {id: 'u', userName: 'ada', groups: [{value: 'g'}]}];
      return config ? [200, config] : [404, noSuch];
    }, auto);
    const results: Result<string>[] = await Promise.all(
      ['u', 'u'].map((id) => made.users.update(id, update, options)),
    );
    expect(results).toEqual([
      {ok: true, value: 'updated'},
      {ok: true, value: 'updated'},
    ]);
    expect(requests.filter(({url}) => url.pathname.endsWith('/ServiceProviderConfig')).length).toBe(1);
    const writes = requests.filter((request) => request.method !== 'GET');
    expect(writes.map((request) => request.method)).toEqual([method, method]);
    if (method === 'PUT')
      expect(JSON.parse(writes[0]?.body ?? '')).toMatchObject({
        id: 'u',
        userName: 'ada',
        title: 'x',
        schemas: [expect.any(String)],
      });
    if (method === 'PUT') expect(writes[0]?.body).not.toContain('groups');
  });

  test('a service that does not answer what it can do is a failure, asked again next time', async () => {
    const {port: made} = port((_request, nth) => (nth === 1 ? [503] : nth === 2 ? [200, {}] : [204]), auto);
    expect(await made.users.update('u', update, options)).toMatchObject({
      ok: false,
      failure: {kind: 'unavailable'},
    });
    expect(await made.users.update('u', update, options)).toEqual({ok: true, value: 'updated'});
  });

  test('a server that minds the removal of what is not there gets the difference', async () => {
    const {
      port: made,
      made: {requests},
    } = port(({method}, nth) => {
      if (method === 'GET') return [200, {id: 'u', title: 'old'}];
      return nth === 1 ? [400, {scimType: 'noTarget'}] : [204];
    });
    const both = {desired: {title: 'x', nickName: null}};
    expect(await made.users.update('u', both, options)).toEqual({ok: true, value: 'updated'});
    expect(requests.at(-1)?.body).toContain('title');
    expect(requests.at(-1)?.body).not.toContain('nickName');
  });
});

test('an answer about another account is no proof of a cut-off', async () => {
  const {port: made} = port(() => [200, {id: 'other', active: false}]);
  const answer = {ok: false, failure: {kind: 'rejected', cause: '200 another id'}};
  expect(await made.users.get('u', options)).toMatchObject(answer);
  expect(await made.cutOffSteps('deactivate')[0]?.verify('u', options)).toMatchObject(answer);
});

describe('what profiles say', () => {
  test('where deactivation is a deletion, a cut-off deletes', () => {
    const {port: made} = port(() => [204], {deactivation: 'delete-only'});
    expect(made.cutOffSteps('deactivate').map(({name}) => name)).toEqual(['delete']);
  });

  test('an allow-list without active does not keep a leaver in', async () => {
    const {
      port: made,
      made: {requests},
    } = port(() => [204], {attributes: ['userName']});
    expect(await made.cutOffSteps('deactivate')[0]?.act('u', options)).toEqual({ok: true, value: 'done'});
    expect(requests[0]?.body).toContain('"path":"active","value":false');
  });

  test.each([{attributes: ['userName']}, {drop: ['active']}])(
    '%j does not keep one out who comes back',
    async (profile) => {
      const {
        port: made,
        made: {requests},
      } = port(() => [204], profile);
      const back = {desired: {userName: 'ada', active: true}, changed: ['active']};
      expect(await made.users.update('u', back, options)).toEqual({ok: true, value: 'updated'});
      expect(requests[0]?.body).toContain('"path":"active","value":true');
    },
  );

  test('a service that knows no active is not sent it', async () => {
    const {
      port: made,
      made: {requests},
    } = port(() => [201, {id: 'u'}], {deactivation: 'delete-only', drop: ['active']});
    await made.users.create({userName: 'ada', active: true}, options);
    expect(requests[0]?.body).not.toContain('active');
  });

  test('a create has active and name even where the mapping has not', async () => {
    const {
      port: made,
      made: {requests},
    } = port(() => [201, {id: 'u'}]);
    await made.users.create({userName: 'ada'}, options);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({active: true, name: {formatted: 'ada'}});
  });
});

test('check warns of what the service says it can not do, and of a credential in the clear', async () => {
  const made = scripted(
    {auth: {bearer: 't'}, baseUrl: 'http://wiki.example/scim', profile: 'generic'},
    ({url}) =>
      url.pathname.endsWith('Config')
        ? [200, {patch: {supported: false}, filter: {supported: false}}]
        : [200, {totalResults: 0}],
  );
  const result = await scim.create(made.context).check(options.signal);
  if (!result.ok) throw new Error(result.failure.cause);
  expect(result.value.summary).toBe('wiki.example answers as a SCIM service, with a bearer token');
  expect(result.value.warnings).toEqual([
    expect.stringContaining('PATCH'),
    expect.stringContaining('filters'),
    expect.stringContaining('in the clear'),
  ]);
});
