import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {connectors} from '../../connectors/index.ts';
import {actOnFilter, type Action} from '../../src/commands/dead-letters/act.ts';
import {groupLines} from '../../src/commands/dead-letters/groups.ts';
import {commands} from '../../src/commands/index.ts';
import type {CommandContext} from '../../src/commands/command.ts';
import type {Stored} from '../../src/commands/stored/open.ts';
import {loadConfig} from '../../src/config/load.ts';
import type {DeadLetter} from '../../src/core/parked.ts';
import {createDeadLetters, type LetterGroup} from '../../src/stages/dead-letters/index.ts';
import type {RetryProgress} from '../../src/stages/dead-letters/retries.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';

const store = openRedis();
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'letters-'));
  const target = {
    connector: 'scim',
    config: {baseUrl: 'https://wiki.example/scim/v2', auth: {bearer: 'made up'}},
    rate: {requests: 1000, perSeconds: 1},
  };
  const config = {
    kafka: {topics: ['events']},
    redis: {url: services().redisUrl, prefix: store.prefix},
    audit: {file: join(folder, 'audit.jsonl')},
    targets: {wiki: target, shop: target},
  };
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
});
afterAll(async () => {
  await store.close();
  await rm(folder, {recursive: true});
});

interface Given {
  json?: boolean;
  signal?: AbortSignal;
  onPrint?: (line: string) => void;
}

async function command(name: string, options: CommandContext['options'], given: Given = {}) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const path = join(folder, 'config.yaml');
  const code = await commands
    .find((one) => one.name === name)
    ?.run({
      ...{arguments: [], options, json: given.json ?? true, configPath: path, env: {}},
      signal: given.signal ?? new AbortController().signal,
      print: (line) => {
        printed.push(line);
        given.onPrint?.(line);
      },
      complain: (line) => void complaints.push(line),
      load: () => {
        const loaded = loadConfig({path, env: {}, manifests: connectors.map(({manifest}) => manifest)});
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
        return Promise.resolve(loaded);
      },
    });
  return {code, printed, complaints, result: () => JSON.parse(printed.join('\n')) as unknown};
}

const letterOf = (target: string, offset: number, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id: `events/0/${offset}`,
  target,
  subject: `u${offset}`,
  kind: 'snapshot',
  saysMembers: false,
  failure: {kind: 'rejected', cause: '400 invalidValue', message: 'the target refuses a value'},
  attempts: 1,
  firstAt: 1,
  at: 1,
  position: {source: 1, offset, occurredAt: offset},
  record: {
    ...{topic: 'events', partition: 0, offset, timestamp: 1, headers: {}},
    ...{key: Buffer.from(`u${offset}`), value: null},
  },
  ...more,
});
async function fill(target: string, letters: DeadLetter[]) {
  const stage = createDeadLetters({...store, target});
  await Promise.all(letters.map((letter) => stage.add(letter)));
  return stage;
}
const many = (target: string, count: number): DeadLetter[] =>
  Array.from({length: count}, (_, i) => letterOf(target, i));

test('groups: leavers first, with what helps; a table no wider than the terminal', async () => {
  const wiki = await fill('wiki', [...many('wiki', 3), letterOf('wiki', 9, {kind: 'cutOff'})]);
  const listed = await command('dead-letters groups', {});
  const {groups} = listed.result() as {groups: LetterGroup[]};
  expect(groups).toMatchObject([
    {isCutOff: true, count: 1},
    {count: 3, advice: expect.stringContaining('retry')},
  ]);
  const {printed} = await command('dead-letters groups', {}, {json: false});
  expect(printed).toMatchObject([
    expect.stringMatching(/^group +target +letters +since/),
    expect.stringMatching(/^[0-9a-f]{12} +wiki +1 .*LEAVERS/),
    expect.stringMatching(/^ {2}\S/),
    expect.stringMatching(/^[0-9a-f]{12} +wiki +3 .*·+█ +400 invalidValue: the target refuses a value$/),
    expect.stringMatching(/^ {2}\S/),
  ]);
  const narrow = groupLines(groups, Date.now(), 80);
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(80);
  const read = narrow.map((line) => line.trim()).join(' ');
  for (const {message, advice} of groups)
    expect([message, advice].every((text) => read.includes(text))).toBe(true);
  await wiki.remove((await wiki.list({})).letters.map(({id}) => id));
  expect((await command('dead-letters groups', {}, {json: false})).printed).toEqual(['no dead letters']);
});

test('whose access is at stake stands first, at whatever target', async () => {
  const wiki = await fill('wiki', many('wiki', 2));
  const shop = await fill('shop', [...many('shop', 3), letterOf('shop', 9, {kind: 'cutOff'})]);
  const {groups} = (await command('dead-letters groups', {})).result() as {groups: LetterGroup[]};
  expect(groups.map(({target, count}) => [target, count])).toEqual([
    ['shop', 1],
    ['shop', 3],
    ['wiki', 2],
  ]);
  for (const stage of [wiki, shop]) await stage.remove((await stage.list({})).letters.map(({id}) => id));
});

test('a kind is retried at every target, after what each would do was shown', async () => {
  await fill('wiki', many('wiki', 5));
  await fill('shop', many('shop', 2));
  const asked = await command('dead-letters retry', {cause: 'rejected'}, {json: false});
  expect(asked).toMatchObject({
    code: 2,
    complaints: [expect.stringContaining('retry dead letters: 7: give --yes')],
  });
  expect(asked.printed).toContainEqual(
    expect.stringMatching(/^wiki \w+: 5 dead letter\(s\): 400 invalidValue/),
  );
  expect(asked.printed).toContainEqual('  now they would be: 5 cut off or deleted, where there is one');
  const {code, result, complaints} = await command('dead-letters retry', {
    cause: 'rejected',
    yes: true,
    reason: 'mended',
  });
  expect(code).toBe(0);
  const {retries} = result() as {retries: RetryProgress[]};
  expect(
    retries.map(({target, state, total, retried, items, reason}) => [
      target,
      state,
      total,
      retried,
      items.length,
      reason,
    ]),
  ).toEqual([
    ['wiki', 'done', 5, 5, 5, 'mended'],
    ['shop', 'done', 2, 2, 2, 'mended'],
  ]);
  expect(complaints).toMatchObject([
    expect.stringContaining('5 of 5 retried'),
    expect.stringContaining('2 of 2'),
  ]);
  expect(await readFile(join(folder, 'audit.jsonl'), 'utf8')).toMatch(
    /"about":\{"group":"[^"]+","letters":"5"\},"action":"retry of a group of dead letters asked for".*"reason":"mended"/,
  );
  expect((await command('dead-letters groups', {})).result()).toEqual({groups: []});
  const none = await command('dead-letters retry', {cause: 'rejected', yes: true});
  expect([none.code, none.result()]).toEqual([0, {results: []}]);
});

test('interrupted it stops, says how to go on, and goes on with the rest', async () => {
  const stage = await fill('wiki', many('wiki', 400));
  const abort = new AbortController();
  const [group] = await stage.groups();
  const options = {cause: group?.id ?? '', yes: true};
  const onPrint = (line: string): void => {
    if (line.includes('retried')) abort.abort();
  };
  const stopped = await command('dead-letters retry', options, {json: false, signal: abort.signal, onPrint});
  expect(stopped.code).toBe(1);
  expect(stopped.complaints.at(-1)).toMatch(
    /100 of 400 retried.*stopped: .* avro-scim dead-letters retry --target wiki --cause [0-9a-f]{12}$/,
  );
  expect((await stage.groups())[0]?.count).toBe(300);
  expect(await readFile(join(folder, 'audit.jsonl'), 'utf8')).toMatch(
    /"about":\{"group":"[0-9a-f]{12}"\},"action":"retry of a group of dead letters stopped"/,
  );
  const {code, result} = await command('dead-letters retry', options);
  expect([code, (result() as {retries: RetryProgress[]}).retries[0]?.retried]).toEqual([0, 300]);
});

test('a group is discarded, with a record each', async () => {
  await fill('shop', many('shop', 450));
  const {code, result} = await command('dead-letters discard', {
    ...{cause: '400 invalidValue', target: ['shop'], yes: true, reason: 'never existed'},
  });
  expect([code, (result() as {results: unknown[]}).results.length]).toEqual([0, 450]);
  const audited = (await readFile(join(folder, 'audit.jsonl'), 'utf8')).trim().split('\n');
  expect(audited.filter((line) => line.includes('"outcome"'))).toHaveLength(450);
  expect(audited.filter((line) => line.includes('"reason":"never existed"'))).toHaveLength(450);
  expect((await command('dead-letters groups', {})).result()).toEqual({groups: []});
});

test('what comes, or dies again, after a filter was shown is left alone', async () => {
  const stage = await fill('desk', [letterOf('desk', 1), letterOf('desk', 2), letterOf('desk', 3)]);
  const printed: string[] = [];
  const letters: typeof stage = {
    ...stage,
    list: async (filter) => {
      // Asked by now: the clock of who writes it may be behind.
      if (printed.length > 0 && (await stage.get('events/0/4')) === undefined) {
        await stage.add(letterOf('desk', 4));
        await stage.add(letterOf('desk', 2, {at: Date.now() + 1000}));
      }
      return stage.list(filter);
    },
  };
  const stored = {target: 'desk', letters} as Stored;
  const context = {
    ...{arguments: [], options: {yes: true}, json: false, configPath: '', env: {}},
    ...{signal: new AbortController().signal, load: () => Promise.resolve(undefined)},
    print: (line: string) => void printed.push(line),
    complain: (line: string) => void printed.push(line),
  };
  const done: string[] = [];
  const action: Action = (_, {id}) => {
    done.push(id);
    return Promise.resolve({result: 'discarded'});
  };
  expect(await actOnFilter(context, [stored], {cause: '400 invalidValue'}, {what: 'discard', action})).toBe(
    0,
  );
  expect(done).toEqual(['events/0/1', 'events/0/3']);
  await stage.remove((await stage.list({})).letters);
});

test('of a filter that does not name whole groups, each is shown, counted and reported', async () => {
  await fill('wiki', many('wiki', 30));
  const options = {cause: 'rejected', since: '2020-01-01T00:00:00Z'};
  const asked = await command('dead-letters discard', options, {json: false});
  expect(asked.printed.slice(0, 2)).toEqual(['30 dead letter(s)', '  30  400 invalidValue']);
  expect(asked.printed).toHaveLength(23);
  const {result} = await command('dead-letters discard', {...options, yes: true});
  expect((result() as {results: unknown[]}).results).toHaveLength(30);
  expect((await command('dead-letters list', {})).result()).toEqual({count: 0, causes: [], letters: []});
});
