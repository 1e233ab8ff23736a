import {expect, test} from '@jest/globals';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {eraseAt} from '../../src/commands/subject/erase-at.ts';
import type {Stored} from '../../src/commands/stored/open.ts';
import {readSubject} from '../../src/stages/state/subject.ts';
import {eventually} from '../support/eventually.ts';
import {services} from '../support/services.ts';
import {openTerminal} from '../support/terminal.ts';
import {closing, group, leave, scene, user, type Scene} from './scenarios-rig.ts';

const personal = 'Lovelace';
const refusal = JSON.stringify({scimType: 'invalidValue', detail: `${personal} is refused`});

/** The command line over a scene's Redis and topics, with copies of dead letters and an audit file. */
async function terminalOf({redis, topic, target}: Scene, more: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'erase-'));
  closing(() => rm(folder, {recursive: true}));
  const file = join(folder, 'audit.jsonl');
  const {brokers, redisUrl} = services();
  const command = openTerminal({
    kafka: {brokers, topics: [topic], groupPrefix: redis.prefix},
    redis: {url: redisUrl, prefix: redis.prefix},
    deadLetters: {mirror: true},
    audit: {file},
    admin: {port: 1},
    targets: {here: {connector: 'scim', config: {baseUrl: target.url, auth: {bearer: 'of-a-test'}}}},
    ...more,
  });
  return {command, audit: () => readFile(file, 'utf8')};
}

/** What stands in a topic now, the oldest first. */
async function read({kafka}: Scene, topic: string): Promise<{key: string; value: Buffer | null}[]> {
  const count = (await kafka.admin.fetchTopicOffsets(topic)).reduce((sum, {high}) => sum + Number(high), 0);
  const found: {key: string; value: Buffer | null}[] = [];
  const consumer = kafka.client.consumer({groupId: `read-${topic}`});
  await consumer.connect();
  closing(() => consumer.disconnect());
  await consumer.subscribe({topic, fromBeginning: true});
  await consumer.run({
    eachMessage: ({message: {key, value}}) => Promise.resolve(void found.push({key: String(key), value})),
  });
  await eventually(() => found.length === count);
  return found;
}

test('a person who never made it is erased: letter, wait and copies; their old event stays old, a newer one counts', async () => {
  const here = await scene();
  const {kafka, redis, topic, target} = here;
  const copies = `${topic}.dead-letters`;
  await kafka.admin.createTopics({topics: [{topic: copies, numPartitions: 2}], waitForLeaders: true});
  const accepted = target.hook(({method, body}) =>
    method === 'POST' && body.includes(personal) ? {kind: 'answer', status: 400, body: refusal} : undefined,
  );
  const program = await here.run();
  const [refused = -1] = await here.say(user('ada', {displayName: personal}));
  await here.ended(refused, 'dead');
  const [, listed = -1] = await here.say(user('bob'), group('g', ['ada', 'bob']));
  await here.ended(listed, 'applied');
  await kafka.produce(copies, [{key: 'ada', value: personal}]);

  const {command, audit} = await terminalOf(here);
  const asked = {reason: 'request 17', yes: true};
  const shown = await command('subject erase', ['ada'], {reason: 'request 17'}, false);
  expect(shown.code).toBe(2);
  expect(shown.printed[0]).toBe(`here: 1 dead letter(s): ${topic}/0/0; that it waits to enter g`);
  expect(shown.complaints).toEqual(['erase ada at 1 target(s): give --yes to do so; nothing was done']);
  expect((await here.letters.list({})).letters).toHaveLength(1);

  const {code, result} = await command('subject erase', ['ada'], asked);
  expect(result).toMatchObject({
    subject: 'ada',
    results: [{target: 'here', result: 'erased', letters: 1, parked: 0, holds: 0}],
    copies: {topics: [{topic: copies, isCompacted: false, retentionMs: 604_800_000}]},
  });
  expect(code).toBe(0);
  expect((await here.letters.list({})).letters).toEqual([]);
  expect(await readSubject({...redis, target: 'here'}, 'ada')).toMatchObject({waitsForGroups: []});
  expect(await read(here, copies)).toEqual([
    {key: 'ada', value: Buffer.from(personal)},
    {key: 'ada', value: null},
  ]);
  const records = (await audit())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(records).toContainEqual(
    expect.objectContaining({action: 'subject erased', subject: 'ada', reason: 'request 17', target: 'here'}),
  );
  expect(records).toContainEqual(expect.objectContaining({outcome: 'skipped', topic, offset: refused}));
  expect(JSON.stringify(records)).not.toContain(personal);

  await here.end(program);
  await kafka.admin.setOffsets({
    groupId: `${redis.prefix}.here`,
    topic,
    partitions: [{partition: 0, offset: '0'}],
  });
  accepted();
  await here.run();
  await here.committed();
  expect(here.account('ada')).toBeUndefined();
  const [again = -1] = await here.say(user('ada', {displayName: 'Ada again'}));
  await here.ended(again, 'applied');
  expect(here.account('ada')).toMatchObject({displayName: 'Ada again'});
  expect(here.membersOf('g')).toEqual(['bob']);
}, 60_000);

test('a leaver is erased after their cut-off, not before; the compacted topic of copies forgets them', async () => {
  const here = await scene();
  const {kafka, redis, topic} = here;
  const copies = `${topic}.dead-letters`;
  const configEntries = [{name: 'cleanup.policy', value: 'compact'}];
  await kafka.admin.createTopics({topics: [{topic: copies, configEntries}], waitForLeaders: true});
  const {command} = await terminalOf(here);
  const asked = {reason: 'request 18', yes: true};
  await here.run();
  const [made = -1] = await here.say(user('ada', {displayName: personal}));
  await here.ended(made, 'applied');
  const early = await command('subject erase', ['ada'], asked, false);
  expect(early.code).toBe(1);
  expect(early.printed).toEqual([
    expect.stringMatching(/^here: nothing is erased: its account is active: let its source .* \(--force: /),
    expect.stringMatching(/^here: not erased: its account is active/),
  ]);
  const [left = -1] = await here.say(leave('ada'));
  await here.ended(left, 'applied');
  const done = await command('subject erase', ['ada'], asked, false);
  expect(done.code).toBe(0);
  expect(done.printed.slice(-2)).toEqual([
    'here: erased, with 0 dead letter(s), 0 parked change(s), 0 hold(s)',
    `${copies}: tombstone written: compaction removes the copies`,
  ]);
  const known = await readSubject({...redis, target: 'here'}, 'ada');
  expect(known.state).toMatchObject({unwanted: true});
  expect(known.state?.remoteId).toBeUndefined();
  const shown = await command('subject', ['ada'], {}, false);
  expect(shown.printed[0]).toMatch(/^here: no access: what was kept of it was erased 20\d\d-/);
  const replayed = await command('subject replay', ['ada']);
  expect(replayed.result).toMatchObject({
    results: [{result: 'refused', reason: expect.stringMatching(/^it was erased/)}],
  });
  expect(await command('subject erase', ['ada'], asked)).toMatchObject({
    code: 0,
    result: {results: [{result: 'nothing'}]},
  });
  expect(await command('subject erase', ['ada'], {reason: ' '})).toMatchObject({code: 2});
}, 60_000);

test('without Kafka what is in Redis is erased, and the command says that the copies stay', async () => {
  const here = await scene();
  const {command} = await terminalOf(here, {kafka: {brokers: ['127.0.0.1:1'], topics: [here.topic]}});
  const {code, complaints} = await command('subject erase', ['eve'], {reason: 'request 19', yes: true});
  expect(complaints).toEqual([
    'Kafka does not answer: the copies of dead letters stay; the same command goes on with them',
  ]);
  expect(code).toBe(3);
}, 60_000);

test('what is written while it runs is erased too', async () => {
  const {redis, letters} = await scene();
  const letter = (offset: number): Promise<void> =>
    letters.add({
      ...{id: `events/0/${offset}`, target: 'here', subject: 'ada', kind: 'snapshot', saysMembers: false},
      ...{attempts: 1, firstAt: 1, at: 1, position: {source: 1, offset, occurredAt: 1}},
      failure: {kind: 'rejected', cause: '400', message: personal},
    });
  const areGone = async (): Promise<boolean> => (await letters.list({})).letters.length === 0;
  await letter(1);
  let last: Promise<void> | undefined;
  const comes = [
    () => letter(2),
    () => {
      last = eventually(areGone, {everyMs: 10}).then(() => letter(3));
      return Promise.resolve();
    },
  ];
  const audit = {append: () => comes.shift()?.() ?? Promise.resolve(), act: () => Promise.resolve()};
  const stored = {...redis, target: 'here', audit} as unknown as Stored;
  const erased = await eraseAt(stored, 'ada', {
    ...{reason: 'request 20', isForced: false, signal: new AbortController().signal},
  });
  await last;
  expect(erased).toMatchObject({result: 'erased', letters: 3});
  expect(await areGone()).toBe(true);
});
