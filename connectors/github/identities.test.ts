import {expect, test} from '@jest/globals';
import type {HttpAnswer} from '../../src/core/connector.ts';
import {ok} from '../../src/core/failure.ts';
import {isObject} from '../../src/core/json.ts';
import type {Json} from '../../src/core/resource.ts';
import type {Ask, Call} from './client.ts';
import {accountsOf, loginOf} from './identities.ts';
import {options, value} from './testing/rig.ts';

const acme = {kind: 'organization', name: 'acme'} as const;
const ada = {id: 'guid-ada', userName: 'ada@example.com'};

interface Variables {
  userName: string | null;
  after: string | null;
}

/** GraphQL as a function of the variables. */
function graphql(
  reply: (variables: Variables) => Json,
  headers: HttpAnswer['headers'] = {},
): {ask: Ask; calls: Call[]} {
  const calls: Call[] = [];
  const ask: Ask = (call) => {
    calls.push(call);
    const variables = isObject(call.body?.['variables']) ? call.body['variables'] : {};
    const exchange = {method: 'POST', url: ''};
    return Promise.resolve(
      ok({status: 200, headers, exchange, body: reply(variables as unknown as Variables)}),
    );
  };
  return {ask, calls};
}

const page = (nodes: Json[], next: string | null = null): Json => ({
  data: {
    organization: {
      samlIdentityProvider: {
        externalIdentities: {nodes, pageInfo: {hasNextPage: next !== null, endCursor: next}},
      },
    },
  },
});

test('by the name, and compared by the id', async () => {
  const {ask, calls} = graphql(() =>
    page([
      {guid: 'guid-saml', user: {login: 'stale'}},
      {guid: 'guid-ada', user: {login: 'ada'}},
    ]),
  );
  expect(value(await loginOf(ask, acme, ada, options))).toEqual({login: 'ada'});
  expect(calls).toHaveLength(1);
});

test('by its unique name, where the ids of the two differ', async () => {
  const {ask} = graphql(() =>
    page([
      {guid: 'x', scimIdentity: null, user: {login: 'stale'}},
      {guid: 'y', scimIdentity: {username: 'ADA@example.com'}, user: {login: 'ada'}},
    ]),
  );
  expect(value(await loginOf(ask, acme, ada, options))).toEqual({login: 'ada'});
});

test('nobody has signed in with it', async () => {
  const {ask} = graphql(() => page([{guid: 'guid-ada', user: null}]));
  expect(value(await loginOf(ask, acme, ada, options))).toBe('unlinked');
});

test('what the name does not find is looked for page by page', async () => {
  const {ask, calls} = graphql(({userName, after}) => {
    if (userName !== null) return page([]);
    return after === null ? page([{guid: 'x'}], 'c1') : page([{guid: 'guid-ada', user: {login: 'ada'}}]);
  });
  expect(value(await loginOf(ask, acme, ada, options))).toEqual({login: 'ada'});
  expect(calls).toHaveLength(3);
});

test('many by their ids, from no more pages than it takes', async () => {
  const {ask, calls} = graphql(({after}) =>
    after === null
      ? page(
          [
            {guid: 'a', user: {login: 'ada'}},
            {guid: 'x', user: {login: 'other'}},
          ],
          'c1',
        )
      : page([{guid: 'b', user: null}], 'c2'),
  );
  const many = {ids: new Set(['a', 'b']), mostPages: 9};
  const accounts = value(await accountsOf(ask, acme, many, options));
  expect(accounts).toEqual(
    new Map<string, unknown>([
      ['a', {login: 'ada'}],
      ['b', 'unlinked'],
    ]),
  );
  expect(calls).toHaveLength(2);
});

test('a list that does not end is a failure', async () => {
  const {ask} = graphql(() => page([{guid: 'x'}], 'c1'));
  expect(await accountsOf(ask, acme, {ids: new Set(['a']), mostPages: 9}, options)).toMatchObject({
    failure: {cause: 'endless list'},
  });
  expect(await loginOf(ask, acme, ada, options)).toMatchObject({failure: {cause: 'endless list'}});
});

test.each<[string, Json, object]>([
  ['a limit', {errors: [{type: 'RATE_LIMITED'}]}, {kind: 'throttled', retryAfterMs: 60_000}],
  ['a scope', {data: null, errors: [{type: 'INSUFFICIENT_SCOPES'}]}, {kind: 'unauthorized'}],
  ['an outage', {errors: [{type: 'SERVICE_UNAVAILABLE'}]}, {kind: 'unavailable'}],
  [
    'a query that it does not know',
    {errors: [{message: 'Field x', extensions: {code: 'undefinedField'}}]},
    {kind: 'rejected', cause: 'graphql error'},
  ],
  [
    'a secondary limit in the form of REST',
    {message: 'You have exceeded a secondary rate limit.', documentation_url: 'https://docs.github.com'},
    {kind: 'throttled', retryAfterMs: 60_000},
  ],
  ['a word in the form of REST', {message: 'Server Error'}, {kind: 'transient', cause: 'graphql error'}],
  [
    'an error that says nothing',
    {data: null, errors: [{message: 'Something went wrong while executing your query.'}]},
    {kind: 'transient', cause: 'graphql error'},
  ],
  [
    'a secondary limit by its words',
    {errors: [{message: 'You have exceeded a secondary rate limit.'}]},
    {kind: 'throttled', retryAfterMs: 60_000},
  ],
  [
    'no right to see it',
    {data: {organization: {samlIdentityProvider: null}}},
    {kind: 'unauthorized', cause: '200 identity provider not seen'},
  ],
  [
    'another form',
    {data: {organization: {samlIdentityProvider: {}}}},
    {kind: 'rejected', cause: '200 undocumented'},
  ],
  ['no form', [], {kind: 'rejected', cause: '200 undocumented'}],
])('%s is a failure although the status is 200', async (_name, body, failure) => {
  const {ask} = graphql(() => body);
  const result = await loginOf(ask, acme, ada, options);
  expect(result).toMatchObject({ok: false, failure});
  // Nothing was written, whatever became of the answer.
  expect(result).not.toMatchObject({failure: {maybeDone: true}});
});

const date = Date.parse('2026-01-01T00:00:00Z');
test.each<[string, HttpAnswer['headers'], number]>([
  ['Retry-After', {'retry-after': '30'}, 30_000],
  [
    'the reset of the budget',
    {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(date / 1000 + 900),
      date: new Date(date).toUTCString(),
    },
    900_000,
  ],
  ['no time', {'x-ratelimit-remaining': '12'}, 60_000],
])('a limit of GraphQL is waited out as %s says', async (_name, headers, retryAfterMs) => {
  const {ask} = graphql(
    () => ({errors: [{type: 'RATE_LIMITED', message: 'API rate limit exceeded'}]}),
    headers,
  );
  expect(await loginOf(ask, acme, ada, options)).toMatchObject({failure: {kind: 'throttled', retryAfterMs}});
});
