import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {AuditRecord} from '../../src/core/audit.ts';
import {createHolds} from '../../src/stages/holds/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';
import {openTerminal} from '../support/terminal.ts';

const store = openRedis();
const where = {...store, target: 'wiki'};
const target = {connector: 'scim', config: {baseUrl: 'https://wiki.example/scim', auth: {bearer: 'made up'}}};
const config = (more: object = {}) => ({
  kafka: {topics: ['events'], brokers: ['127.0.0.1:1']},
  redis: {url: services().redisUrl, prefix: store.prefix},
  admin: {port: 1},
  targets: {wiki: target, desk: target},
  ...more,
});
const position = (offset: number) => ({source: 1, offset, occurredAt: 1_700_000_000_000 + offset});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subject-'));
  const state = createState({...where, leaseMs: 1000, guard: {maxLeavers: 0, perMs: 1000}});
  const vector = Buffer.from('vector');
  await state.claim('t1', [{op: 'user', subject: 'ada', position: position(1), vector}]);
  await state.settle([
    {
      ...{subject: 'ada', token: 't1', kind: 'user', position: position(1), moves: true},
      ...{result: {done: true}, remoteId: 'r1', vector, active: true},
    },
  ]);
  await createHolds(where).hold(
    {
      ...{id: 'events/0/2', kind: 'cutOff', saysMembers: true, position: position(2)},
      ...{firstAt: 1, attempts: 0, ageMs: 0},
    },
    'ada',
  );
});
afterAll(async () => {
  await store.close();
  await rm(folder, {recursive: true});
});

test('the first lines say that somebody who left still has access, why, since when, and what comes next', async () => {
  const {code, printed} = await openTerminal(config())('subject', ['ada'], {}, false);
  expect(code).toBe(0);
  expect(printed.slice(0, 5)).toEqual([
    expect.stringMatching(/^wiki: STILL HAS ACCESS, since 20.+: its leave is held: .+ guard allows$/),
    '  next: nothing by itself: avro-scim holds approve ada --target wiki, or holds discard',
    'desk: no access: nothing was decided for it',
    '  next: nothing; whether news of it waits in Kafka is not known here',
    '',
  ]);
  expect(printed).toContain('  a leave is held: events/0/2');
  expect(printed.at(-1)).toContain('neither audit.topic nor audit.file is configured');
});

test('its past is told in the order of time, of others nothing, and the newest when there is too much', async () => {
  const file = join(folder, 'audit.jsonl');
  const record = (at: number, more: Partial<AuditRecord>): string =>
    JSON.stringify({id: String(at), at, target: 'wiki', subject: 'ada', outcome: 'applied', ...more});
  const receipt = {
    remoteId: 'r1',
    complete: true,
    missing: false,
    steps: [{name: 'deactivate', verifiedAt: 4}],
  };
  const lines = [
    record(1000, {did: 'created', topic: 'events', partition: 0, offset: 1, attributes: ['userName']}),
    record(2000, {subject: 'bob'}),
    '{"torn":',
    record(4000, {did: 'cut off', receipt, actor: {id: 'ops@desk', kind: 'human'}, eventReason: 'stolen'}),
    record(3000, {outcome: 'held', reason: 'the guard'}),
    record(3500, {target: 'gone'}),
    JSON.stringify({
      id: 'a',
      at: 3600,
      target: 'wiki',
      subject: 'ada',
      action: 'approved',
      about: {event: 'e/0/1'},
    }),
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const command = openTerminal(config({audit: {file}}));
  const {printed} = await command('subject', ['ada'], {}, false);
  expect(printed.slice(-5)).toEqual([
    expect.stringMatching(/^time +target +outcome +event +what$/),
    expect.stringMatching(/^1970-01-01T00:00:01.000Z +wiki +applied +events\/0\/1 +created; userName$/),
    expect.stringMatching(/^1970-01-01T00:00:03.000Z +wiki +held +the guard$/),
    expect.stringMatching(/00:00:03.600Z +wiki +action +approved; event e\/0\/1$/),
    expect.stringMatching(
      /00:00:04.000Z +wiki +applied +cut off; read back: deactivate; by ops@desk \(stolen\)$/,
    ),
  ]);
  const {result} = await command('subject', ['ada'], {limit: '1', since: '1970-01-01T00:00:02Z'});
  expect(result).toMatchObject({
    targets: [{target: 'wiki', standing: {isLate: true, access: 'yes'}, held: {id: 'events/0/2'}}, {}],
    past: {older: 2, records: [{at: 4000}]},
  });
  expect((await command('subject', ['ada'], {limit: 'x'})).code).toBe(2);
});

test('what is unmasked is written down before, and asked for where it would be shown', async () => {
  const file = join(folder, 'unmasked.jsonl');
  const command = openTerminal(config({audit: {file}}));
  const refused = await command('subject', ['ada'], {reveal: true}, false);
  expect(refused).toMatchObject({code: 2, printed: [], complaints: [expect.stringContaining('--json')]});
  await command('subject', ['ada'], {reveal: true, reason: 'a call of hers'});
  const written = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(written.filter((record) => 'action' in record)).toMatchObject([
    {
      ...{action: 'subject shown unmasked', target: 'wiki', subject: 'ada', reason: 'a call of hers'},
      actor: {id: expect.stringContaining('@'), kind: 'human'},
    },
  ]);
});

test('of whom nothing is known, that is said: a mistyped id must not pass for somebody without access', async () => {
  expect(await openTerminal(config())('subject', ['adda'], {}, false)).toMatchObject({
    code: 1,
    complaints: [expect.stringContaining('nothing is known of a subject adda')],
  });
});
