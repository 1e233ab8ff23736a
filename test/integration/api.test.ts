import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {leaveOf, letterOf, startApi, type ApiRig} from './api-rig.ts';

let api: ApiRig;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const letterPath = (offset: number): string =>
  `/api/v1/dead-letters/wiki/${encodeURIComponent(`events/0/${offset}`)}`;

test('dead letters: pages over all targets, each letter once; what is personal is masked', async () => {
  for (const offset of [1, 2, 3]) await api.letters.wiki.add(letterOf(offset, 'wiki'));
  for (const offset of [1, 4]) await api.letters.desk.add(letterOf(offset, 'desk'));
  const seen: string[] = [];
  let next: string | undefined = '';
  for (let pages = 0; next !== undefined && pages < 9; pages++) {
    const {status, body} = await api.ask(
      `/api/v1/dead-letters?limit=2${next && `&cursor=${next}`}`,
      'viewer',
    );
    expect(status).toBe(200);
    seen.push(...(body.items ?? []).map(({target, id}) => `${target} ${id}`));
    next = body.next;
  }
  expect(seen).toEqual([
    ...['wiki events/0/1', 'wiki events/0/2', 'wiki events/0/3'],
    ...['desk events/0/1', 'desk events/0/4'],
  ]);
  const {body} = await api.ask(letterPath(1), 'viewer');
  expect(JSON.stringify(body)).not.toContain('ann');
  expect(body).toMatchObject({subject: 'u1', at: '1970-01-01T00:00:01.001Z', record: {value: '[5 bytes]'}});
  expect(await api.ask('/api/v1/dead-letters?cursor=bm9uZQ', 'viewer')).toMatchObject({
    status: 400,
    body: {errors: [{at: 'querystring.cursor'}]},
  });
  expect(await api.ask('/api/v1/dead-letters?target=other', 'viewer')).toMatchObject({status: 404});
});

test('what is personal is shown to an operator, once that is audited', async () => {
  const {body} = await api.ask(`${letterPath(1)}?unmask=true&reason=ticket`, 'operator');
  expect(body).toMatchObject({
    record: {value: Buffer.from('bytes').toString('base64'), headers: {who: 'ann'}},
  });
  expect((await api.audited()).at(-1)).toMatchObject({
    ...{target: 'wiki', subject: 'u1', action: 'dead letter shown unmasked', reason: 'ticket'},
    actor: {id: 'token:operator', kind: 'human'},
  });
});

test('an action does what a preview has shown, or nothing', async () => {
  const filter = {target: 'wiki', cause: '400 invalidValue'};
  const {body: preview} = await api.ask('/api/v1/dead-letters/preview', 'viewer', {filter});
  expect(preview).toMatchObject({count: 3, hasMore: false, causes: [{cause: '400 invalidValue', count: 3}]});
  const discard = (token: unknown) =>
    api.ask('/api/v1/dead-letters/discard', 'operator', {filter, token, reason: 'a test'});
  await api.letters.wiki.add(letterOf(5, 'wiki'));
  expect(await discard(preview['token'])).toMatchObject({status: 409, body: {count: 4}});
  // As many as were shown, and others; then the same one, which has died again.
  await api.letters.wiki.remove(['events/0/3']);
  expect(await discard(preview['token'])).toMatchObject({status: 409, body: {count: 3}});
  await api.letters.wiki.add(letterOf(3, 'wiki'));
  const {body: again} = await api.ask('/api/v1/dead-letters/preview', 'viewer', {filter});
  await api.letters.wiki.add({...letterOf(2, 'wiki'), at: 5000});
  expect(await discard(again['token'])).toMatchObject({status: 409, body: {count: 4}});
  expect(Object.values(await api.letters.wiki.counts())).toEqual([4]);
  const {body: last} = await api.ask('/api/v1/dead-letters/preview', 'viewer', {filter});
  const done = await discard(last['token']);
  expect(done.body.results?.map(({result}) => result)).toEqual(Array(4).fill('discarded'));
  const discards = (await api.audited()).filter(({action}) => action === 'dead letter discarded');
  // As the command line says it.
  expect(discards[0]?.['about']).toEqual({letter: expect.any(String)});
  expect(discards.map(({subject, reason}) => [subject, reason])).toEqual(
    ['u1', 'u2', 'u5', 'u3'].map((subject) => [subject, 'a test']),
  );
});

test('letters by name: retried, gone, or none of them known', async () => {
  const letters = [1, 9].map((offset) => ({target: 'desk', id: `events/0/${offset}`}));
  const framed = letterOf(1, 'desk');
  framed.record.value = Buffer.from([0, 0, 0, 0, 1]);
  await api.letters.desk.add(framed);
  const {body} = await api.ask('/api/v1/dead-letters/retry', 'operator', {letters});
  expect(body.results).toMatchObject([{subject: 'u1', result: 'retried'}, {result: 'gone'}]);
  const again = await api.ask('/api/v1/dead-letters/retry', 'operator', {letters: letters.slice(1)});
  expect(again.status).toBe(404);
  // It waits in its lane for the registry, which is not there: what is no event is a letter again at once.
  const lane = await eventually(
    async () => (await api.ask('/api/v1/lanes?target=desk', 'viewer')).body.items?.[0],
  );
  expect(lane).toMatchObject({
    target: 'desk',
    subject: 'u1',
    length: 1,
    head: {id: 'events/0/1', force: true},
  });
});

test('a group of letters: what a retry would do, what changed since is refused, and it is carried out', async () => {
  const cause = '422 of a group';
  for (const offset of [31, 32]) await api.letters.desk.add(letterOf(offset, 'desk', cause));
  const {body: listed} = await api.ask('/api/v1/dead-letter-groups?target=desk', 'viewer');
  const group = (listed.items as unknown as {cause: string; id: string}[]).find((one) => one.cause === cause);
  expect(group).toMatchObject({count: 2, isCutOff: false, example: 'events/0/32'});
  const path = `/api/v1/dead-letter-groups/desk/${group?.id ?? ''}`;
  const {body: preview} = await api.ask(`${path}/preview`, 'viewer', {});
  expect(preview).toMatchObject({count: 2, looked: 2, would: [{does: 'dead letter', count: 2}]});
  await api.letters.desk.add(letterOf(33, 'desk', cause));
  const retry = (token: unknown) => api.ask(`${path}/retry`, 'operator', {token, reason: 'mended'});
  expect(await retry(preview['token'])).toMatchObject({status: 409, body: {count: 3}});
  expect((await api.ask(`${path}/retry`, 'viewer')).status).toBe(404);
  const again = await api.ask(`${path}/preview`, 'viewer', {});
  expect(await retry(again.body['token'])).toMatchObject({
    status: 202,
    body: {state: 'running', total: 3, by: 'token:operator', reason: 'mended'},
  });
  const done = await eventually(async () => {
    const {body} = await api.ask(`${path}/retry`, 'viewer');
    return body['state'] === 'done' ? body : undefined;
  });
  expect(done).toMatchObject({retried: 3, refused: 0});
  expect(await api.ask(`${path}/stop`, 'operator', {})).toMatchObject({
    status: 409,
    body: {state: 'not running'},
  });
});

test('holds: listed, approved by an approver alone, discarded', async () => {
  for (const offset of [21, 22, 23]) await api.holds.hold(leaveOf(offset), `u${offset}`);
  const first = await api.ask('/api/v1/holds?limit=2', 'viewer');
  expect(first.body.items).toMatchObject([{subject: 'u21', by: 'guard'}, {subject: 'u22'}]);
  const rest = await api.ask(`/api/v1/holds?limit=2&cursor=${first.body.next ?? ''}`, 'viewer');
  expect(rest.body.items).toMatchObject([{subject: 'u23'}]);
  const holds = [{target: 'wiki', subject: 'u21'}];
  expect(await api.ask('/api/v1/holds/approve', 'operator', {holds})).toMatchObject({
    status: 403,
    body: {role: 'approver'},
  });
  const approved = await api.ask('/api/v1/holds/approve', 'approver', {holds});
  expect(approved.body.results).toMatchObject([{subject: 'u21', result: 'approved'}]);
  const preview = async () => (await api.ask('/api/v1/holds/preview', 'viewer', {filter: {}})).body['token'];
  const discard = (token: unknown) =>
    api.ask('/api/v1/holds/discard', 'approver', {filter: {}, token, reason: 'a test'});
  const seen = await preview();
  await api.holds.discard(['u23'], () => Promise.resolve());
  await api.holds.hold(leaveOf(24), 'u24');
  expect(await discard(seen)).toMatchObject({status: 409, body: {count: 2}});
  const discarded = await discard(await preview());
  expect(discarded.body.results).toMatchObject([{result: 'discarded'}, {result: 'discarded'}]);
  expect(await api.holds.list()).toEqual([]);
});

test('a cut-off by hand is begun, its end is told, and it is lifted once', async () => {
  expect((await api.ask('/api/v1/subjects/leaver', 'viewer')).status).toBe(404);
  const cut = await api.ask('/api/v1/subjects/leaver/cut-off', 'operator', {
    targets: ['wiki'],
    reason: 'stolen',
  });
  expect(cut).toMatchObject({status: 202, body: {results: [{target: 'wiki', result: 'marked'}]}});
  const [known] = await eventually(async () => {
    const {body} = await api.ask('/api/v1/subjects/leaver', 'viewer');
    return body.targets?.[0]?.['cutOffEnd'] === undefined ? undefined : body.targets;
  });
  expect(known).toMatchObject({mark: {by: 'token:operator', reason: 'stolen'}, cutOffEnd: {complete: false}});
  const lift = () => api.ask('/api/v1/subjects/leaver/lift', 'approver', {reason: 'found'});
  expect(await lift()).toMatchObject({status: 202, body: {results: [{target: 'wiki', result: 'lifted'}]}});
  expect(await lift()).toMatchObject({status: 409, body: {state: 'not cut off by hand'}});
  const said = (await api.audited())
    .filter(({subject}) => subject === 'leaver')
    .map(({eventReason}) => eventReason);
  expect(said).toEqual(expect.arrayContaining(['stolen', 'found']));
});

test('a target is paused once, which shows at once, and resumed', async () => {
  const act = (what: string) =>
    api.ask(`/api/v1/targets/desk/${what}`, 'operator', {reason: 'a bad extract'});
  expect(await act('resume')).toMatchObject({status: 409, body: {state: 'not paused'}});
  // Of two at once one has done it, and the other is told.
  const both = await Promise.all([act('pause'), act('pause')]);
  expect(both.toSorted((a, b) => a.status - b.status)).toMatchObject([
    {status: 200, body: {paused: {by: 'token:operator', reason: 'a bad extract'}}},
    {status: 409, body: {state: expect.stringContaining('paused by token:operator')}},
  ]);
  await eventually(async () => {
    const {body} = await api.ask('/api/v1/targets/desk', 'viewer');
    return (body['serving'] as {gate: {cause?: string}}).gate.cause === 'paused';
  });
  const resumed = await act('resume');
  expect([resumed.status, resumed.body['paused']]).toEqual([200, undefined]);
  expect((await api.audited()).map(({action}) => action)).toEqual(
    expect.arrayContaining(['target paused', 'target resumed']),
  );
});

test('a subject of whom nothing was decided can not be replayed', async () => {
  expect((await api.ask('/api/v1/subjects/nobody/replay', 'operator', {})).status).toBe(404);
});

test('the audit: the newest first, page by page, each record once', async () => {
  const seen: string[] = [];
  let next: string | undefined = '';
  for (let pages = 0; next !== undefined && pages < 30; pages++) {
    const {status, body} = await api.ask(`/api/v1/audit?limit=3${next && `&cursor=${next}`}`, 'viewer');
    expect(status).toBe(200);
    seen.push(...(body.items ?? []).map(({id}) => id));
    next = body.next;
  }
  const written = (await api.audited()).toSorted((a, b) => Number(a['at']) - Number(b['at'])).reverse();
  // The service goes on with what it was asked for.
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThan(10);
  expect(written.map(({id}) => id)).toEqual(expect.arrayContaining(seen));
  const {body} = await api.ask('/api/v1/audit?subject=leaver&outcome=action', 'viewer');
  expect(body.items).toMatchObject([
    {action: 'cut-off by hand lifted', reason: 'found', isWhole: true, actor: {id: 'token:approver'}},
    {action: 'cut-off by hand asked for', reason: 'stolen'},
  ]);
  expect((await api.ask('/api/v1/audit?cursor=bm9uZQ', 'viewer')).status).toBe(400);
});

test('a token that is taken out of the file is no longer let in', async () => {
  await api.admit(['viewer', 'operator']);
  await eventually(async () => (await api.ask('/api/v1/targets', 'approver')).status === 401);
  expect((await api.ask('/api/v1/targets', 'viewer')).status).toBe(200);
});

test('without Redis the targets are told all the same, and the rest says that it is away', async () => {
  const before = await api.ask('/api/v1/targets', 'viewer');
  expect(before.body.targets).toMatchObject([{name: 'wiki', counts: {held: 0}}, {name: 'desk'}]);
  await api.redis.stop();
  const away = await eventually(async () => {
    const {status, body} = await api.ask('/api/v1/lanes', 'viewer');
    return status === 503 ? body : undefined;
  });
  expect(away).toMatchObject({service: 'redis', detail: expect.stringContaining('Redis')});
  const {status, body} = await api.ask('/api/v1/targets', 'viewer');
  expect([status, body.targets?.[0]?.['counts']]).toEqual([200, undefined]);
  expect(body.targets).toMatchObject([{name: 'wiki', serving: {gate: {}}}, {name: 'desk'}]);
  expect((await api.ask('/livez')).status).toBe(200);
  await api.redis.start();
  await eventually(async () => (await api.ask('/api/v1/lanes', 'viewer')).status === 200);
});
