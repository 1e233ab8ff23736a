import {describe, expect, test} from '@jest/globals';
import {as, asked, fakePorts, letter, rig} from './testing/rig.ts';

describe('what an operator asks for', () => {
  test('is answered as the ports have it, and no cache keeps it', async () => {
    const app = rig();
    const targets = await app.inject({url: '/api/v1/targets', headers: as('viewer')});
    expect(targets.json()).toEqual({
      targets: [{name: 'wiki', connector: 'scim'}],
      dependencies: {redis: {up: true}},
    });
    expect(targets.headers['cache-control']).toBe('no-store');
    expect((await app.inject({url: '/api/v1/targets/wiki', headers: as('viewer')})).statusCode).toBe(200);
  });

  test('a page and its filter reach the port; times are read', async () => {
    const app = rig();
    const url = '/api/v1/dead-letters?target=wiki&since=2026-11-24T08:00:00Z&limit=5&cursor=abc';
    const page = await app.inject({url, headers: as('viewer')});
    expect(page.json()).toEqual({items: [letter]});
    const since = Date.parse('2026-11-24T08:00:00Z');
    expect(app.calls).toEqual([['letters', {target: 'wiki', since}, {cursor: 'abc', limit: 5}]]);
    const lanes = await app.inject({url: '/api/v1/lanes', headers: as('viewer')});
    expect(lanes.json()).toEqual({items: [], next: 'more'});
  });

  test('an id with slashes is one part of the address', async () => {
    const app = rig();
    const url = `/api/v1/dead-letters/wiki/${encodeURIComponent('events/0/1')}`;
    expect((await app.inject({url, headers: as('viewer')})).json()).toEqual(letter);
    expect(app.calls).toEqual([['letter', {target: 'wiki', id: 'events/0/1'}, {}]]);
  });

  test('an action is told who asks and why', async () => {
    const app = rig();
    const payload = {letters: [{target: 'wiki', id: 'events/0/1'}], reason: 'mended'};
    const done = await app.inject({
      ...{method: 'POST', url: '/api/v1/dead-letters/retry'},
      ...{headers: as('operator'), payload},
    });
    expect(done.json()).toEqual({results: [{target: 'wiki', id: 'events/0/1', result: 'retried'}]});
    expect(app.calls).toEqual([['retried', payload, asked('operator', 'mended')]]);
    const cut = await app.inject({
      ...{method: 'POST', url: '/api/v1/subjects/u%2F1/cut-off'},
      ...{headers: as('operator'), payload: {}},
    });
    expect(cut.statusCode).toBe(202);
    expect(app.calls[1]).toEqual(['cut off', 'u/1', undefined, asked('operator')]);
  });
});

describe('a group of letters', () => {
  const url = '/api/v1/dead-letter-groups/wiki/abc';

  test('is retried with the token of its preview', async () => {
    const app = rig();
    const preview = await app.inject({
      method: 'POST',
      url: `${url}/preview`,
      headers: as('viewer'),
      payload: {},
    });
    const {token} = preview.json<{token: string}>();
    const payload = {token, reason: 'mended'};
    const retry = {method: 'POST', url: `${url}/retry`, payload} as const;
    expect((await app.inject({...retry, headers: as('viewer')})).statusCode).toBe(403);
    expect((await app.inject({...retry, headers: as('operator')})).statusCode).toBe(202);
    const name = {target: 'wiki', group: 'abc'};
    expect(app.calls.at(-1)).toEqual(['group retried', name, 'seen', asked('operator', 'mended')]);
    expect((await app.inject({url: `${url}/retry?after=x`, headers: as('viewer')})).statusCode).toBe(400);
  });
});

describe('personal data', () => {
  const url = '/api/v1/subjects/u1?unmask=true&reason=ticket';

  test('is masked unless somebody who may asks for it', async () => {
    const app = rig();
    await app.inject({url: '/api/v1/subjects/u1', headers: as('approver')});
    await app.inject({url, headers: as('operator')});
    expect(app.calls).toEqual([
      ['subject', 'u1', {}],
      ['subject', 'u1', {reveal: asked('operator', 'ticket')}],
    ]);
  });

  test('is not shown to a viewer', async () => {
    const app = rig();
    const refused = await app.inject({url, headers: as('viewer')});
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({role: 'operator'});
    expect(app.calls).toEqual([]);
  });
});

describe('a problem', () => {
  test.each([
    ['an unknown target', '/api/v1/targets/other', 404, {detail: 'There is no target other.'}],
    [
      'an unknown address',
      '/api/v1/nothing?secret=1',
      404,
      {detail: 'There is nothing at GET /api/v1/nothing.'},
    ],
    ['a limit', '/api/v1/lanes?limit=0', 400, {errors: [{at: 'querystring.limit'}]}],
    ['a time', '/api/v1/holds?since=monday', 400, {errors: [{at: 'querystring.since'}]}],
    ['a day that there is not', '/api/v1/holds?since=2026-02-31T00:00:00Z', 400, {}],
    ['a filter of another name', '/api/v1/lanes?targt=wiki', 400, {errors: [{at: 'querystring'}]}],
    ['a flag', '/api/v1/subjects/u1?unmask=yes', 400, {errors: [{at: 'querystring.unmask'}]}],
    ['an address that is none', '/api/v1/subjects/%ff', 400, {}],
  ])('%s', async (_, url, status, more) => {
    const app = rig();
    const answer = await app.inject({url, headers: as('viewer')});
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({
      type: expect.stringMatching(/^urn:avro-scim:problem:/),
      status,
      ...more,
    });
    expect(app.errors).toEqual([]);
  });

  test.each([
    ['no JSON', '{', 'application/json', 400],
    ['nothing', '', 'application/json', 400],
    ['no object', '[]', 'application/json', 400],
    ['neither letters nor a filter', '{}', 'application/json', 400],
    ['a filter without the number that was seen', '{"filter":{}}', 'application/json', 400],
    ['a key that could change every object', '{"__proto__":{"x":1}}', 'application/json', 400],
    ['a form', 'letters=1', 'application/x-www-form-urlencoded', 415],
    ['too much', JSON.stringify('x'.repeat(300_000)), 'application/json', 413],
  ])('a body that is %s', async (_, payload, type, status) => {
    const app = rig();
    const answer = await app.inject({
      ...{method: 'POST', url: '/api/v1/dead-letters/discard', payload},
      headers: {...as('approver'), 'content-type': type},
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({status});
    expect([app.calls, app.errors]).toEqual([[], []]);
  });

  test('another method names those that there are', async () => {
    const answer = await rig().inject({
      method: 'PUT',
      url: '/api/v1/dead-letters/retry',
      headers: as('approver'),
    });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['allow']).toBe('POST');
  });

  test('what nobody expected is logged without the address, and told without the reason', async () => {
    const ports = fakePorts();
    const app = rig({ports: {...ports, lanes: () => Promise.reject(new Error('the reason'))}});
    const answer = await app.inject({url: '/api/v1/lanes?target=u1', headers: as('viewer')});
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('the reason');
    expect(app.errors).toMatchObject([{route: '/api/v1/lanes', err: {message: 'the reason'}}]);
  });
});

describe('the headers', () => {
  test('let nothing of others in, and nobody put a page around it', async () => {
    const {headers} = await rig().inject({url: '/api/v1/targets', headers: as('viewer')});
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'self';script-src 'self';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('too many requests', () => {
  test('of one address are refused for a while; health and metrics never', async () => {
    const app = rig({requestsPerMinute: 2});
    const ask = (url: string) => app.inject({url, headers: as('viewer')});
    expect((await ask('/api/v1/targets')).statusCode).toBe(200);
    expect((await app.inject({url: '/api/v1/targets'})).statusCode).toBe(401);
    const third = await ask('/api/v1/targets');
    expect(third.statusCode).toBe(429);
    expect(Number(third.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('/livez')).statusCode).toBe(200);
    expect((await ask('/metrics')).statusCode).toBe(200);
  });

  test('at once wait for nobody: those beyond a bound are refused, health is not', async () => {
    const gate = Promise.withResolvers<{ok: true; value: {items: []}}>();
    const app = rig({ports: {...fakePorts(), lanes: () => gate.promise}});
    const asked = Array.from({length: 70}, () => app.inject({url: '/api/v1/lanes', headers: as('viewer')}));
    expect((await app.inject({url: '/livez'})).statusCode).toBe(200);
    gate.resolve({ok: true, value: {items: []}});
    const statuses = (await Promise.all(asked)).map(({statusCode}) => statusCode);
    expect(statuses.filter((status) => status === 503)).toHaveLength(6);
    expect((await app.inject({url: '/api/v1/lanes', headers: as('viewer')})).statusCode).toBe(200);
  });
});
