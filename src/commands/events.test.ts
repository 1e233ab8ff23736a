import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const env = {...process.env, WIKI_TOKEN: 'x', ART_TOKEN: 'x'};
const folder = mkdtempSync(join(tmpdir(), 'avro-scim-events-'));
afterAll(() => rmSync(folder, {recursive: true}));

function run(args: readonly string[]) {
  const main = join(root, 'src/main.ts');
  const {stdout, stderr, status} = spawnSync(process.execPath, [main, ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return {stdout, stderr, status};
}

describe('docs/events.md shows what each command prints', () => {
  const page = readFileSync(join(root, 'docs/events.md'), 'utf8');
  const shown = [...page.matchAll(/```sh\n(avro-scim events try [^\n]+)\n```\n\n```text\n([^`]*)```/g)];

  test('of three examples and a mistake', () => expect(shown).toHaveLength(4));

  test.each(shown.map(([, command = '', output = '']) => [command, output]))('%s', (command, output) => {
    const {stdout, stderr} = run(command.split(' ').slice(1));
    expect(stdout + stderr).toBe(output);
  });
});

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const schema = (fields: object[]) =>
  file('person.avsc', JSON.stringify({type: 'record', name: 'Person', namespace: 'a', fields}));
const ofPerson = () =>
  schema([
    {name: 'id', type: 'string'},
    {name: 'on', type: 'boolean', default: true},
  ]);
const noConfig = ['--config', join(folder, 'none.yaml')];

describe('events try', () => {
  const map = '{"user": {"id": id, "userName": id, "active": on}}';

  test('tries a map before there is a config, and tells all of it as JSON', () => {
    const lines = '{"id": "u1"}\n\n{"key": "u2", "value": {"id": "u2", "on": false}, "timestamp": 5}\n';
    const args = [file('a.jsonl', lines), '--schema', ofPerson(), '--map', file('m.jsonata', map)];
    const {stdout, status} = run(['events', 'try', ...args, ...noConfig, '--json']);
    const meta = {source: 'a.Person'};
    expect(JSON.parse(stdout)).toEqual({
      file: args[0],
      map: [],
      lines: [
        {
          line: 1,
          event: {
            eventId: 'a.jsonl/0/0',
            occurredAt: 0,
            ...meta,
            user: {id: 'u1', userName: 'u1', active: true},
          },
          targets: [],
        },
        {
          line: 3,
          event: {
            eventId: 'a.jsonl/0/2',
            occurredAt: 5,
            ...meta,
            user: {id: 'u2', userName: 'u2', active: false},
          },
          targets: [],
        },
      ],
    });
    expect(status).toBe(0);
  });

  test('tells each bad line, and ends with 1', () => {
    const lines = '{"id": 1}\n{\n{"key": "other", "value": {"id": "u1"}}\n';
    const args = [file('a.jsonl', lines), '--schema', ofPerson(), '--map', file('m.jsonata', map)];
    const {stderr, status} = run(['events', 'try', ...args, ...noConfig]);
    expect(stderr.trim().split('\n')).toEqual([
      `${args[0]}:1: id: expected a text, found a number`,
      expect.stringContaining(`${args[0]}:2: expected JSON: `),
      `${args[0]}:3: user.id differs from the record's key`,
    ]);
    expect(status).toBe(1);
  });

  test.each([
    [[], /expected --schema/],
    [['--schema', 'none.avsc', '--map', 'none.jsonata'], /none\.avsc can not be read/],
    [['--schema', 'package.json', '--map', 'package.json'], /package\.json: expected an Avro schema/],
  ])('%j is wrong use', (args, message) => {
    const {stderr, status} = run(['events', 'try', 'package.json', ...args, ...noConfig]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test('a map that does not compile is wrong use too, with the place', () => {
    const broken = file('m.jsonata', '{\n  "user": $now()\n}');
    const args = [file('a.jsonl', '{"id": "u"}'), '--schema', ofPerson(), '--map', broken, ...noConfig];
    const {stderr, status} = run(['events', 'try', ...args]);
    expect(stderr).toContain(`${broken}: line 2, column 11: $now is not there`);
    expect(status).toBe(2);
  });
});
