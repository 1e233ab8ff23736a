import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {connectors} from '../../connectors/index.ts';
import type {CommandContext} from '../../src/commands/command.ts';
import {commands} from '../../src/commands/index.ts';
import {loadConfig} from '../../src/config/load.ts';
import {createDeadLetters} from '../../src/stages/dead-letters/index.ts';
import {createHolds} from '../../src/stages/holds/index.ts';
import {createLanes} from '../../src/stages/lanes/index.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';

const store = openRedis();
const place = {...store, target: 'wiki'};
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operator-'));
  const config = {
    kafka: {topics: ['events']},
    redis: {url: services().redisUrl, prefix: store.prefix},
    audit: {file: join(folder, 'audit.jsonl')},
    targets: {
      wiki: {connector: 'scim', config: {baseUrl: 'https://wiki.example/scim/v2', auth: {bearer: 'made up'}}},
    },
  };
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
});
afterAll(async () => {
  await store.close();
  await rm(folder, {recursive: true});
});

/** Runs a command as `main` does; resolves to its exit code and the JSON that it printed. */
async function command(name: string, args: string[] = [], options: CommandContext['options'] = {}) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const path = join(folder, 'config.yaml');
  const manifests = connectors.map(({manifest}) => manifest);
  const code = await commands
    .find((one) => one.name === name)
    ?.run({
      arguments: args,
      options,
      json: true,
      configPath: path,
      env: {},
      signal: new AbortController().signal,
      print: (line) => void printed.push(line),
      complain: (line) => void complaints.push(line),
      load: () => {
        const loaded = loadConfig({path, env: {}, manifests});
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
        return Promise.resolve(loaded);
      },
    });
  const result = JSON.parse(printed[0] ?? '{}') as Record<string, unknown>;
  return {code, result, complaints};
}

/** What the audit's file has, as it is now: decisions, or what people did. */
const audited = async (what: 'outcome' | 'action' = 'outcome'): Promise<object[]> => {
  const text = await readFile(join(folder, 'audit.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as object)
    .filter((record) => what in record);
};

const record = (offset: number) => ({
  topic: 'events',
  partition: 0,
  offset,
  timestamp: 1,
  key: Buffer.from('u'),
  value: Buffer.from('bytes'),
  headers: {},
});
const position = (offset: number) => ({source: 1, offset, occurredAt: 1_000_000});

test('dead letters: listed by filter, retried and discarded one by one, what is missing is told', async () => {
  const letters = createDeadLetters(place);
  for (const offset of [1, 2, 3]) {
    await letters.add({
      id: `events/0/${offset}`,
      target: 'wiki',
      subject: offset === 3 ? 'v' : 'u',
      kind: 'snapshot',
      saysMembers: false,
      failure: {kind: 'rejected', cause: '400', message: 'refused'},
      attempts: 1,
      firstAt: 1,
      at: Date.now(),
      position: position(offset),
      record: record(offset),
    });
  }
  expect(await command('dead-letters list', [], {subject: 'u'})).toMatchObject({code: 0, result: {count: 2}});
  expect(await command('dead-letters retry')).toMatchObject({code: 2});
  expect(await command('dead-letters retry', [], {since: 'yesterday'})).toMatchObject({code: 2});
  const asked = await command('dead-letters retry', [], {subject: 'u'});
  expect(asked).toMatchObject({code: 2, complaints: [expect.stringContaining('--yes')]});
  expect(await letters.counts()).toEqual({'400': 3});
  const retried = await command('dead-letters retry', ['events/0/1', 'nope'], {reason: 'mended'});
  expect(retried.code).toBe(1);
  expect(retried.result).toEqual({results: [{target: 'wiki', id: 'events/0/1', result: 'retried'}]});
  const discarded = await command('dead-letters discard', [], {cause: '400', yes: true});
  expect(discarded.result).toMatchObject({results: [{result: 'discarded'}, {result: 'discarded'}]});
  expect(await audited()).toMatchObject([
    {subject: 'u', outcome: 'skipped', topic: 'events', offset: 2, failure: {cause: '400'}},
    {subject: 'v', outcome: 'skipped', topic: 'events', offset: 3, failure: {cause: '400'}},
  ]);
  const actor = {id: expect.stringContaining('@'), kind: 'human'};
  expect(await audited('action')).toMatchObject([
    {
      actor,
      action: 'dead letter retried',
      target: 'wiki',
      subject: 'u',
      about: {letter: 'events/0/1'},
      reason: 'mended',
    },
    {actor, action: 'dead letter discarded', subject: 'u', about: {letter: 'events/0/2'}},
    {actor, action: 'dead letter discarded', subject: 'v', about: {letter: 'events/0/3'}},
  ]);
  const {result} = await command('subject', ['u']);
  expect(result).toMatchObject({
    targets: [{target: 'wiki', lane: [{id: 'events/0/1', force: true}], letters: []}],
  });
});

test('letters that are retried together come one after another, cut-offs at once', async () => {
  const letters = createDeadLetters(place);
  for (const offset of [11, 12, 13, 14]) {
    await letters.add({
      id: `events/0/${offset}`,
      target: 'wiki',
      subject: `p${offset}`,
      kind: offset === 14 ? 'cutOff' : 'snapshot',
      saysMembers: false,
      failure: {kind: 'rejected', cause: '422', message: 'refused'},
      attempts: 1,
      firstAt: 1,
      at: Date.now(),
      position: position(offset),
      record: record(offset),
    });
  }
  const before = Date.now();
  const {result} = await command('dead-letters retry', [], {
    ...{cause: '422', since: '2020-01-01T00:00:00Z', yes: true},
  });
  const after = Date.now();
  expect(result).toMatchObject({results: Array(4).fill({result: 'retried'})});
  const due = (offset: number) => store.redis.zscore(`{${store.prefix}:wiki}:lanes`, `p${offset}`);
  // Without a rate of its own a target is given ten a second.
  for (const [offset, delayMs] of [
    [11, 0],
    [12, 100],
    [13, 200],
    [14, 0],
  ] as const) {
    const at = Number(await due(offset));
    expect(at).toBeGreaterThanOrEqual(before + delayMs);
    expect(at).toBeLessThanOrEqual(after + delayMs);
  }
});

test('holds: shown, approved into the lane, discarded with an audit record', async () => {
  const holds = createHolds(place);
  for (const [i, subject] of ['a', 'b'].entries()) {
    const entry = {id: `events/0/${i}`, kind: 'cutOff' as const, saysMembers: false, position: position(i)};
    await holds.hold({...entry, firstAt: 1, attempts: 0, ageMs: 0, record: record(i)}, subject);
  }
  expect(await command('subject', ['a'])).toMatchObject({result: {targets: [{held: {id: 'events/0/0'}}]}});
  expect(await command('holds list')).toMatchObject({code: 0, result: {count: 2}});
  expect((await command('holds approve', ['a'], {reason: 'known to HR'})).result).toMatchObject({
    results: [{result: 'approved'}],
  });
  expect((await command('holds discard', ['b'], {reason: 'a mistake'})).result).toMatchObject({
    results: [{result: 'discarded'}],
  });
  expect(await holds.list()).toEqual([]);
  expect((await audited('action')).slice(-2)).toMatchObject([
    {action: 'held leave approved', subject: 'a', about: {event: 'events/0/0'}, reason: 'known to HR'},
    {action: 'held leave discarded', subject: 'b', about: {event: 'events/0/1'}, reason: 'a mistake'},
  ]);
  expect((await audited()).at(-1)).toMatchObject({
    ...{subject: 'b', target: 'wiki', outcome: 'skipped'},
    ...{topic: 'events', offset: 1},
  });
});

test('holds: an approved leave tells what it took the place of, and one that is not held is named', async () => {
  const holds = createHolds(place);
  const ignore = (): void => undefined;
  const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
  const lanes = createLanes({...place, coalesce: true, log});
  const parked = (offset: number, kind: 'snapshot' | 'cutOff') => ({
    ...{
      id: `events/0/${offset}`,
      kind,
      saysMembers: false,
      position: position(offset),
      record: record(offset),
    },
    ...{firstAt: 1, attempts: 0, ageMs: 0},
  });
  const nothing = {maybeDone: false, decided: false, unwanted: false};
  await lanes.park(
    {subject: 'c', kind: 'user', position: position(20), ...nothing},
    parked(20, 'snapshot'),
    60_000,
  );
  await lanes.stop();
  await holds.hold(parked(21, 'cutOff'), 'c');
  const {code, result, complaints} = await command('holds approve', ['c', 'nobody']);
  expect(code).toBe(1);
  expect(result).toMatchObject({results: [{subject: 'c', result: 'approved'}]});
  expect(complaints).toEqual([expect.stringContaining('nobody')]);
  expect((await audited()).at(-1)).toMatchObject({
    subject: 'c',
    outcome: 'superseded',
    topic: 'events',
    offset: 20,
  });
});

test('a hold is discarded only once that is written down', async () => {
  const holds = createHolds(place);
  const entry = {id: 'events/0/30', kind: 'cutOff' as const, saysMembers: false, position: position(30)};
  await holds.hold({...entry, firstAt: 1, attempts: 0, ageMs: 0}, 'd');
  await expect(holds.discard(['d'], () => Promise.reject(new Error('no room on the disk')))).rejects.toThrow(
    'disk',
  );
  expect(await holds.list()).toMatchObject([{subject: 'd'}]);
  const written: string[] = [];
  const note = ({subject}: {subject: string}) => Promise.resolve(void written.push(subject));
  expect(await holds.discard(['d'], note)).toEqual(['d']);
  expect(written).toEqual(['d']);
});

test('a target that is not in the config is refused', async () => {
  expect(await command('holds list', [], {target: ['other']})).toMatchObject({
    code: 2,
    complaints: [expect.stringContaining('wiki')],
  });
});
