import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, jest, test} from '@jest/globals';
import avro, {type Schema} from 'avsc';
import {checkEventMaps} from '../../src/commands/check/mappings.ts';
import {loadConfig} from '../../src/config/load.ts';
import {scim} from '../../connectors/scim/index.ts';
import {createRegistry, writerOptions} from '../../src/stages/decode/index.ts';
import {eventually} from '../support/eventually.ts';
import {services} from '../support/services.ts';
import {closing, group, leave, scene, user, type Said, type Scene} from './scenarios-rig.ts';

jest.setTimeout(120_000);

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../config/examples/employee', name), 'utf8');
const text = read('employee.avsc');
const employee = avro.Type.forSchema(JSON.parse(text) as Schema, writerOptions());
const events = [{schema: 'com.acme.hr.Employee', map: 'employee.jsonata', key: '$string(employeeId)'}];
const files = {'employee.jsonata': read('employee.jsonata')};

const ada = {
  employeeId: 7,
  login: 'ADA',
  firstName: 'Ada',
  lastName: 'Byron',
  workEmail: 'ada@example.com',
  jobTitle: null,
  department: 'Engineering',
  managerId: null,
  status: 'ACTIVE',
  hiredOn: 20_485,
  changedAt: 1_790_000_000_000_000,
};

/** Registers a schema under a topic's name; what writes records with it. */
async function writerFor(topic: string, schema: string, type = employee): Promise<(value: object) => Said> {
  const registry = createRegistry({url: services().registryUrl, timeoutMs: 5000});
  closing(() => {
    registry.close();
    return Promise.resolve();
  });
  const id = await registry.register(`${topic}-own`, schema);
  if (!id.ok) throw new Error(id.failure.message);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id.value, 1);
  // The key is no subject's id: the mapping has an expression for it.
  return (value) => ({key: 'a row', body: Buffer.concat([head, type.toBuffer(value)])});
}

test('an HR topic in its own schema: joiner, mover, leaver, what fails and what is named nowhere', async () => {
  const attributes = {
    nickName: {expression: 'title = "?" ? $error("x") : name.givenName & " of " & enterprise.department'},
    userType: {expression: '"Employee"', onlyOnCreate: true},
  };
  const stage = await scene({file: {events}, files, settings: {attributes}});
  const row = await writerFor(stage.topic, text);
  const stranger = avro.Type.forSchema({
    type: 'record',
    name: 'Stranger',
    fields: [{name: 'x', type: 'int'}],
  });
  const strange = await writerFor(`${stage.topic}.x`, JSON.stringify(stranger.schema()), stranger);
  await stage.run();

  const [joined = 0] = await stage.say(row(ada));
  await stage.ended(joined, 'applied');
  expect(stage.account('7')).toMatchObject({
    userName: 'ada',
    nickName: 'Ada of Engineering',
    userType: 'Employee',
    active: true,
  });

  const [moved = 0] = await stage.say(row({...ada, department: 'Sales', changedAt: ada.changedAt + 1e6}));
  const {attributes: changed} = await stage.ended(moved, 'applied');
  expect(changed).not.toContain('userType');
  expect(stage.account('7')).toMatchObject({nickName: 'Ada of Sales', userType: 'Employee'});

  const [again = 0] = await stage.say(row({...ada, department: 'Sales', changedAt: ada.changedAt + 2e6}));
  await stage.ended(again, 'unchanged');
  const [broken = 0, other = 0] = await stage.say(
    row({...ada, jobTitle: '?', changedAt: ada.changedAt + 3e6}),
    strange({x: 1}),
  );
  const dead = await stage.ended(broken, 'dead');
  expect(dead).toMatchObject({
    subject: '7',
    source: 'hr',
    failure: {kind: 'undecodable', cause: 'undecodable: mapping of nickName'},
  });
  expect(dead.failure?.message).toMatch(/^mapping of nickName: column 15: its own \$error, in title = /);
  expect(await stage.ended(other, 'skipped')).toMatchObject({
    reason: 'no mapping names its schema Stranger',
  });
  expect(stage.account('7')).toMatchObject({nickName: 'Ada of Sales', active: true});

  const [back = 0] = await stage.say(row({...ada, changedAt: ada.changedAt + 4e6}));
  await stage.ended(back, 'applied');
  await eventually(async () => Object.keys(await stage.letters.counts()).length === 0);

  const [left = 0] = await stage.say(
    row({...ada, jobTitle: '?', status: 'LEFT', changedAt: ada.changedAt + 5e6}),
  );
  expect((await stage.ended(left, 'applied')).receipt).toMatchObject({complete: true});
  expect(stage.account('7')).toMatchObject({active: false});
  await stage.committed();
});

test('a leaver whose mapping fails, and who is not known here, is found by their identity and cut off', async () => {
  const attributes = {nickName: {expression: '$number(userName)'}};
  const stage = await scene({settings: {attributes, adopt: 'userName'}});
  await fetch(`${stage.target.url}/Users`, {
    method: 'POST',
    headers: {'content-type': 'application/scim+json'},
    body: JSON.stringify({userName: 'bob', active: true}),
  });
  const bob = () => [...stage.target.users.values()].find(({userName}) => userName === 'bob');
  await stage.run();
  const [refused = 0, gone = 0] = await stage.say(user('ada'), leave('bob'));
  expect(await stage.ended(refused, 'dead')).toMatchObject({
    failure: {message: expect.stringContaining('what is to become a number is none')},
  });
  await stage.ended(gone, 'applied');
  expect(bob()).toMatchObject({active: false});
  expect(stage.account('ada')).toBeUndefined();
});

test('check tries a map on the schema that the registry has', async () => {
  const stage = await scene();
  await writerFor(stage.topic, text);
  const found = async (map: string, topics: string[]) => {
    const file = JSON.stringify({
      kafka: {topics},
      registry: {url: services().registryUrl},
      events: [{...events[0], map: 'm.jsonata'}],
      targets: {a: {connector: 'scim', config: {baseUrl: 'https://a.example', auth: {bearer: 'x'}}}},
    });
    const readFile = (path: string) => (path === '/c.yaml' ? file : map);
    const loaded = loadConfig({path: '/c.yaml', env: {}, manifests: [scim.manifest], readFile});
    if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
    return checkEventMaps(loaded.config, 5000, new AbortController().signal);
  };
  const registry = createRegistry({url: services().registryUrl, timeoutMs: 5000});
  await registry.register(`${stage.topic}.hr-value`, text);
  registry.close();
  const topics = [`${stage.topic}.hr`];
  const check = 'events com.acme.hr.Employee';
  expect(await found(files['employee.jsonata'], topics)).toEqual([
    {check, verdict: 'ok', detail: 'm.jsonata, tried on made-up records'},
  ]);
  expect(await found('{"user": {"id": $string(employeId)}}', topics)).toEqual([
    {
      check,
      verdict: 'wrong',
      detail: 'm.jsonata: column 25: there is no field employeId: did you mean employeeId?',
    },
  ]);
  expect(await found('{"user": {"id": $string(employeeId)}}', topics)).toMatchObject([{verdict: 'warning'}]);
  expect(await found(files['employee.jsonata'], ['no.such.topic'])).toMatchObject([
    {verdict: 'warning', detail: expect.stringContaining('the registry has no such schema')},
  ]);
});

/** Makes a group at the target, as its administrator would. */
async function makeGroup(stage: Scene, displayName: string): Promise<string> {
  const answer = await fetch(`${stage.target.url}/Groups`, {
    method: 'POST',
    headers: {'content-type': 'application/scim+json'},
    body: JSON.stringify({displayName}),
  });
  return ((await answer.json()) as {id: string}).id;
}

test('groups of the target’s own: by id, by name, by expression; none is made, none deleted', async () => {
  // As the target counts them.
  const byId = 'group-1';
  const map = {g1: {id: byId}, g2: {name: 'Wiki editors'}};
  const groups = {create: false, map, name: {expression: '"hr-" & displayName'}};
  const stage = await scene({settings: {groups}});
  expect(await makeGroup(stage, 'Admins')).toBe(byId);
  await makeGroup(stage, 'Wiki editors');
  await stage.run();
  expect(stage.target.groups.size).toBe(2);

  const [, first = 0, second = 0, third = 0] = await stage.say(
    user('u1'),
    group('g1', ['u1']),
    group('g2', ['u1']),
    group('g3', ['u1']),
  );
  await stage.ended(first, 'applied');
  await stage.ended(second, 'applied');
  await eventually(
    () => stage.membersOf('Admins').length === 1 && stage.membersOf('Wiki editors').length === 1,
  );
  const waits = await stage.ended(third, 'parked');
  expect(waits.failure).toMatchObject({kind: 'unresolved', cause: 'group not there'});
  expect(stage.target.groups.get(byId)).not.toHaveProperty('externalId');

  await makeGroup(stage, 'hr-g3');
  await eventually(() => stage.membersOf('hr-g3').length === 1);
  expect(stage.target.groups.size).toBe(3);

  const deletion = (id: string): Said => ({key: id, body: {deletion: {id, kind: 'group'}}});
  const gone = await stage.say(deletion('g1'), deletion('g2'), deletion('g3'));
  for (const offset of gone) await stage.ended(offset, 'applied');
  expect(stage.target.groups.size).toBe(3);
  for (const name of ['Admins', 'Wiki editors', 'hr-g3']) expect(stage.membersOf(name)).toEqual([]);
  await stage.committed();
});
