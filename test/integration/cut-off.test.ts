import {afterAll, expect, test} from '@jest/globals';
import {createHands} from '../../src/stages/hands/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';
import {openTerminal} from '../support/terminal.ts';
import {createHere} from './dispatch/here.ts';
import {z} from 'zod';
import type {Connector} from '../../src/core/connector.ts';
import type {TargetPort} from '../../src/core/port.ts';

const store = openRedis();
afterAll(() => store.close());
const place = {...store, target: 'wiki'};
const position = {source: 1, offset: 1, occurredAt: 1};
const config = (more: object = {}, rest: object = {}) => ({
  ...{redis: {url: services().redisUrl, prefix: store.prefix}, ...rest},
  targets: {
    wiki: {
      connector: 'scim',
      config: {baseUrl: 'https://wiki.example/scim/v2', auth: {bearer: 'made up'}},
      ...more,
    },
  },
});
const state = createState({...place, leaseMs: 1000, guard: {maxLeavers: 1, perMs: 1000}});
const hands = createHands(place);
const unwoken = {wake: () => Promise.resolve()};

test('a group, and who is protected, are refused before anything is done or asked', async () => {
  const group = {op: 'group', subject: 'g', position, vector: Buffer.from('v')} as const;
  expect((await state.claim('t', [group])).replies).toMatchObject([{verdict: 'go'}]);
  const settled = {kind: 'group', subject: 'g', token: 't', position, remoteId: 'r'} as const;
  await state.settle([{...settled, result: {done: true}, active: true}]);
  const refused = async (subject: string, reason: string): Promise<void> => {
    const told = await openTerminal(config({protected: {names: ['u1']}}))('cut-off', [subject]);
    expect(told).toMatchObject({code: 1, complaints: [], result: {targets: [{result: 'refused', reason}]}});
  };
  await refused('g', 'it is a group');
  await refused('u1', 'protected by the name u1');
  expect(await hands.list()).toEqual([]);
});

test('a lift says what comes next, and who has lifted is in the audit', async () => {
  const command = openTerminal(config());
  await hands.mark('u2', {by: 'ada@desk', at: 1}, unwoken);
  expect((await command('cut-off')).result).toMatchObject({
    ...{count: 1, cutOff: [{target: 'wiki', subject: 'u2', by: 'ada@desk'}]},
  });
  const lifted = await command('cut-off', ['u2'], {lift: true});
  expect(lifted).toMatchObject({
    code: 0,
    result: {results: [{result: expect.stringContaining('nothing is held')}]},
  });
  expect(lifted.complaints.join()).toContain('cut-off by hand lifted');
  await hands.mark('u2', {by: 'ada@desk', at: 1}, unwoken);
  const nowhere = {source: 0, offset: -1, occurredAt: 1};
  const work = {op: 'leave', subject: 'u2', position: nowhere, byHand: true, fromLane: true} as const;
  await state.claim('t', [{...work, vector: Buffer.alloc(0)}]);
  expect((await command('cut-off', ['u2'], {lift: true})).result).toMatchObject({
    results: [{result: expect.stringContaining('finished first')}],
  });
  expect((await command('cut-off', ['u2'], {lift: true})).code).toBe(1);
});

test('one target that can not be begun keeps nobody in at the others: all are marked first', async () => {
  const own = (create: () => TargetPort) => {
    const capabilities = {users: true, groups: true, deactivate: true, delete: true};
    const manifest = {id: 'own', summary: 'of a test', configSchema: z.object({}), capabilities, links: []};
    const connector = {manifest, create} satisfies Connector;
    return {ok: true, connector, file: '/own.ts'} as const;
  };
  const here = createHere();
  here.users.set('r4', {userName: 'ada', externalId: 'u4', active: true});
  const connectors = new Map([
    [
      './broken',
      own(() => {
        throw new Error('no credential');
      }),
    ],
    ['./here', own(() => here.port)],
  ]);
  const targets = {broken: {connector: './broken', config: {}}, here: {connector: './here', config: {}}};
  const told = await openTerminal({...config(), targets}, connectors)('cut-off', ['u4'], {yes: true});
  const failure = {kind: 'bug', message: expect.stringContaining('no credential')};
  expect(told).toMatchObject({
    code: 1,
    result: {
      targets: [
        {target: 'broken', result: 'goes on', end: {complete: false, failure}},
        {target: 'here', result: 'cut off', end: {receipt: {complete: true}}},
      ],
    },
  });
  expect(here.users.get('r4')).toMatchObject({active: false});
  for (const target of ['broken', 'here'])
    expect(await createHands({...store, target}).read('u4')).toBeDefined();
});

test('without an audit nothing is done', async () => {
  const command = openTerminal(config({}, {audit: {file: '/nowhere/audit.jsonl'}}));
  expect(await command('cut-off', ['u3'], {yes: true})).toMatchObject({
    ...{code: 1, complaints: [expect.stringContaining('the audit can not be written')]},
  });
  expect(await hands.read('u3')).toBeUndefined();
});
