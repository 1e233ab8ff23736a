import {describe, expect, test} from '@jest/globals';
import {
  createTokenKeeper,
  createTurns,
  noToken,
  sendAuthorized,
  withEitherKey,
  type AccessToken,
} from './credential.ts';
import {failed, ok, type Failure, type Result} from './failure.ts';

const options = {signal: new AbortController().signal};
const refusal: Failure = {kind: 'unauthorized', message: '', cause: '401', status: 401};

describe('sending with the credential of now', () => {
  const authorizer = (...headers: string[]) => {
    const refused: string[] = [];
    return {
      refused,
      header: () =>
        Promise.resolve(ok(headers.find((header) => !refused.includes(header)) ?? headers[0] ?? '')),
      refuse: (header: string) => void refused.push(header),
    };
  };

  test.each<[string, string[], string[], string[]]>([
    ['one that is taken is sent once', ['good'], ['good'], []],
    ['one that is refused is replaced', ['old', 'good'], ['old', 'good'], ['old']],
    ['two that are refused are both told of', ['old', 'older'], ['old', 'older'], ['old', 'older']],
    ['the only one is not sent again', ['old'], ['old'], ['old']],
  ])('%s', async (_name, headers, sent, refused) => {
    const tried: string[] = [];
    const from = authorizer(...headers);
    const result = await sendAuthorized(from, options, (header) => {
      tried.push(header);
      return Promise.resolve(header === 'good' ? ok('done') : failed(refusal));
    });
    expect(tried).toEqual(sent);
    expect(from.refused).toEqual(refused);
    expect(result.ok).toBe(sent.includes('good'));
  });

  test('another failure is no reason to try another', async () => {
    const from = authorizer('a', 'b');
    const send = () => Promise.resolve(failed({...refusal, status: 403}));
    expect(await sendAuthorized(from, options, send)).toMatchObject({failure: {status: 403}});
    expect(from.refused).toEqual([]);
  });

  test('a vendor may have other ways to refuse, with an answer too', async () => {
    const from = authorizer('old', 'good');
    const send = (header: string) => Promise.resolve(ok(header));
    const isRefused = (answered: Result<string>) => answered.ok && answered.value === 'old';
    expect(await sendAuthorized(from, options, send, isRefused)).toEqual(ok('good'));
    expect(from.refused).toEqual(['old']);
  });
});

test('of the tokens in the config the first that was not refused is sent, and when all were, all count again', () => {
  const turns = createTurns('Bearer');
  expect(turns.header(' a\n')).toBe('Bearer a');
  turns.refuse('Bearer a');
  expect(turns.header(['a', 'b'])).toBe('Bearer b');
  turns.refuse('Bearer b');
  expect(turns.header(['a', 'b'])).toBe('Bearer a');
  expect(turns.header('b')).toBe('Bearer b');
});

test.each<[string, string[], Failure | undefined, number[]]>([
  ['a key that is taken', ['a', 'b'], undefined, [0]],
  ['a key that is refused, with another beside it', ['a', 'b'], refusal, [0, 1]],
  ['the only key', ['a'], refusal, [0]],
  ['a service that is down', ['a', 'b'], {...refusal, kind: 'unavailable'}, [0]],
])('%s', async (_name, keys, failure, tried) => {
  const places: number[] = [];
  await withEitherKey(keys, (place) => {
    places.push(place);
    return Promise.resolve(failure ? failed(failure) : ok(place));
  });
  expect(places).toEqual(tried);
});

test('why there is no token is told without what was sent for it', () => {
  const exchange = {method: 'POST', url: 'https://a.example/token', requestBody: 'secret'};
  const failure: Failure = {
    kind: 'throttled',
    message: 'slower',
    cause: '429',
    status: 429,
    retryAfterMs: 1000,
  };
  expect(noToken({...failure, maybeDone: true, exchange}, 'token endpoint')).toEqual({
    ...failure,
    message: 'token endpoint: slower',
    cause: 'token 429',
  });
});

describe('an access token', () => {
  const clock = {now: 0};
  const keep = (lifeMs: number, aheadMs?: number) => {
    const made: string[] = [];
    const kept = createTokenKeeper(() => clock.now, aheadMs);
    const fetch = (): Promise<Result<AccessToken>> => {
      made.push('token');
      return Promise.resolve(ok({header: `token ${made.length}`, lifeMs}));
    };
    return {kept, made, header: (madeFrom = 'config') => kept.header(madeFrom, fetch)};
  };

  test('is fetched once for all who wait, again before its end, when it is refused, and by another config', async () => {
    clock.now = 0;
    const {kept, made, header} = keep(3_600_000);
    expect(await Promise.all([header(), header()])).toEqual([ok('token 1'), ok('token 1')]);
    clock.now = 3_539_999;
    expect(await header()).toEqual(ok('token 1'));
    clock.now = 3_540_000;
    expect(await header()).toEqual(ok('token 2'));
    kept.refuse('token 1');
    expect(await header()).toEqual(ok('token 2'));
    kept.refuse('token 2');
    expect(await header()).toEqual(ok('token 3'));
    expect(await header('changed')).toEqual(ok('token 4'));
    expect(made).toHaveLength(4);
  });

  test('is fetched as long before its end as the vendor wants', async () => {
    clock.now = 0;
    const {header} = keep(3_600_000, 300_000);
    await header();
    clock.now = 3_299_999;
    expect(await header()).toEqual(ok('token 1'));
    clock.now = 3_300_000;
    expect(await header()).toEqual(ok('token 2'));
  });

  test('of a short life is used for nine tenths of it', async () => {
    clock.now = 0;
    const {header} = keep(10_000);
    await header();
    clock.now = 8999;
    expect(await header()).toEqual(ok('token 1'));
    clock.now = 9000;
    expect(await header()).toEqual(ok('token 2'));
  });
});
