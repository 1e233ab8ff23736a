import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {findLeaks, type Told} from './leaks.ts';
import {personal, personOf, secrets, startAll} from './no-leaks-rig.ts';

jest.setTimeout(150_000);

let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll();
});
afterAll(() => all.close());

const refused = ['refused-1', 'refused-2', 'refused-3'];
const leavers = ['leaver-1', 'leaver-2'];
const people = ['joiner', 'flaky', 'by-hand', ...refused, ...leavers];
const kept = {...secrets, ...personal(people)};
const told: Record<string, string | Buffer> = {};
const user = (id: string, more: object = {}) => [id, {user: {...personOf(id), ...more}}] as const;
const counts = async () => {
  const {body} = await all.ask('/api/v1/targets/wiki', 'viewer');
  return body['counts'] as Record<string, number> | undefined;
};
const hasAccount = (id: string): boolean =>
  [...all.target.users.values()].some(({externalId}) => externalId === id);

test('a full run: joiners, leavers, failures, dead letters, cut-offs, holds, what is no event', async () => {
  const {target, say} = all;
  const isOf = (body: string, ids: readonly string[]): boolean =>
    ids.some((id) => body.includes(`"externalId":"${id}"`));
  target.hook(({method, body}) => {
    // Targets say back what they were sent.
    const detail = JSON.stringify({
      detail: `The title of ${/"userName":"[^"]*"/.exec(body)?.[0] ?? ''} is too long`,
      sent: body,
    });
    if (method === 'POST' && isOf(body, ['flaky'])) return {kind: 'answer', status: 500, body: detail};
    const isRefused = method === 'POST' && !isMended && isOf(body, refused);
    return isRefused ? {kind: 'answer', status: 400, body: detail} : undefined;
  });
  await say(...people.map((id) => user(id)), [
    'team',
    {group: {id: 'team', displayName: 'team', members: ['joiner', 'leaver-1']}},
  ]);
  await eventually(() => ['joiner', 'by-hand', ...leavers].every(hasAccount), {
    what: 'accounts',
    deadlineMs: 60_000,
  });
  await say(...leavers.map((id) => user(id, {active: false})), [
    'nobody',
    Buffer.from(JSON.stringify(personOf('joiner'))),
  ]);
  expect(
    await all.ask('/api/v1/subjects/by-hand/cut-off', 'operator', {reason: 'a stolen laptop'}),
  ).toMatchObject({status: 202});
  const now = await eventually(
    async () => {
      const found = await counts();
      return found && found['held'] === 1 && found['deadLetters'] === 4 && found['parked'] === 1 && found;
    },
    {what: 'a hold, four dead letters and a parked change', deadlineMs: 60_000},
  ).catch(async (error: unknown) => {
    throw new Error(JSON.stringify(await counts()), {cause: error});
  });
  expect(now['held']).toBe(1);
});

let isMended = false;

/** Every page of the console, from link to link, and what the API has, as somebody who may only look. */
async function look(prefix: string): Promise<void> {
  const {get} = all;
  const open = [
    '/',
    '/metrics',
    '/readyz',
    '/livez',
    '/session',
    '/api/openapi.json',
    '/api/v1/targets',
    '/api/v1/targets/wiki',
    '/api/v1/lanes',
  ];
  open.push(
    ...['/api/v1/dead-letters', '/api/v1/dead-letter-groups', '/api/v1/holds', '/api/v1/audit?limit=500'],
  );
  open.push(...people.flatMap((id) => [`/api/v1/subjects/${id}`, `/subject?id=${id}`]));
  const seen = new Set(open);
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const {status, text} = await get(path, 'viewer');
    told[`${prefix} ${path}`] = text;
    if (![200, 303].includes(status)) throw new Error(`${path} is answered ${status}: ${text}`);
    for (const [, link = ''] of text.matchAll(/href="(\/[^"#]*)"/g)) {
      const next = link.replaceAll('&amp;', '&');
      if (!seen.has(next) && seen.size < 200) open.push(next);
      seen.add(next);
    }
  }
  const {body} = await all.ask('/api/v1/dead-letters', 'viewer');
  for (const {id} of body.items ?? []) {
    const path = `/api/v1/dead-letters/wiki/${encodeURIComponent(id)}`;
    told[`${prefix} ${path}`] = (await get(path, 'viewer')).text;
  }
}

test('who may only look is told nothing personal, and no secret', async () => {
  await look('first');
  const paths = Object.keys(told).filter(
    (name) => name.startsWith('first /') && !name.startsWith('first /api'),
  );
  expect(paths).toEqual(
    expect.arrayContaining(['first /audit', 'first /lanes', 'first /holds', 'first /dead-letters']),
  );
  expect(paths.some((path) => path.startsWith('first /dead-letters/letter'))).toBe(true);
  expect(findLeaks(told, kept)).toEqual([]);
});

test('over HTTP: a subject’s last event is read again from Kafka, and told again', async () => {
  const {target, ask, topic} = all;
  const writes = () => target.requests.filter(({method, status}) => method !== 'GET' && status < 300).length;
  const before = writes();
  expect(
    await ask('/api/v1/subjects/joiner/replay', 'operator', {reason: 'changed there by hand'}),
  ).toMatchObject({
    status: 202,
    body: {results: [{target: 'wiki', result: 'replayed', id: `${topic}/0/0`}]},
  });
  await eventually(() => writes() > before, {what: 'a write', deadlineMs: 30_000});
  const {body} = await ask('/api/v1/audit?subject=joiner&outcome=action', 'viewer');
  expect(body.items).toMatchObject([{action: 'subject replayed', reason: 'changed there by hand'}]);
});

test('over HTTP: a cause is mended, previewed, and all of it retried', async () => {
  const {ask} = all;
  const {body} = await ask('/api/v1/dead-letter-groups?target=wiki', 'viewer');
  const group = (body.items as unknown as {id: string; count: number}[]).find(({count}) => count === 3);
  const path = `/api/v1/dead-letter-groups/wiki/${group?.id ?? ''}`;
  isMended = true;
  const preview = await ask(`${path}/preview`, 'viewer', {});
  expect(preview.body).toMatchObject({count: 3, looked: 3, would: [{does: 'account wanted', count: 3}]});
  const started = await ask(`${path}/retry`, 'operator', {
    token: preview.body['token'],
    reason: 'the limit was raised',
  });
  expect(started).toMatchObject({status: 202, body: {total: 3}});
  await eventually(() => refused.every(hasAccount), {what: 'their accounts', deadlineMs: 45_000});
  const done = await ask(`${path}/retry`, 'viewer');
  expect(done.body).toMatchObject({
    state: 'done',
    retried: 3,
    items: refused.map(() => ({result: 'retried'})),
  });
  expect((await ask('/api/v1/dead-letters?cause=rejected', 'viewer')).body.items).toEqual([]);
});

test('nor do logs, metrics, traces and the audit tell it, from the start to the end', async () => {
  await look('last');
  // An operator sees it, once that is written down: it was there to be told, and would have been found.
  const shown = await Promise.all(
    people.map((id) => all.get(`/api/v1/subjects/${id}?unmask=true&reason=ticket`, 'operator')),
  );
  const parked = shown.map(({text}) => text).join('\n');
  expect(findLeaks({shown: parked}, personal(['flaky'])).length).toBeGreaterThan(8);
  expect(await all.end()).toBe(0);
  const more: Told = {log: await all.log(), spans: all.otlp.bytes(), audit: await all.auditFile()};
  expect(more['log']?.toString().split('\n').length).toBeGreaterThan(5);
  expect(more['audit']?.toString().split('\n').length).toBeGreaterThan(15);
  expect(all.otlp.spans.length).toBeGreaterThan(10);
  expect(findLeaks({...told, ...more}, kept)).toEqual([]);
});

test.each([
  ['as it is', (value: string) => `at ${value.toUpperCase()}.`],
  ['in an address', (value: string) => `filter=${encodeURIComponent(`userName eq "${value}"`)}`],
  ['in JSON', (value: string) => JSON.stringify(JSON.stringify({value}))],
  ['in base64', (value: string) => Buffer.from(`{"a":"${value}"}`).toString('base64')],
  ['in base64 for addresses', (value: string) => Buffer.from(`ab${value}?>?>`).toString('base64url')],
  ['in hexadecimal', (value: string) => Buffer.from(`x${value}x`).toString('hex')],
])('planted %s, each is found', (_, plant) => {
  for (const [name, value] of Object.entries(kept)) {
    const log = `${String(told['first /'])} ${plant(value)}`;
    expect(findLeaks({log}, {[name]: value})).toEqual([`${name} in log`]);
  }
});
