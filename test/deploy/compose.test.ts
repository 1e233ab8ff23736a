import {spawnSync} from 'node:child_process';
import {createReadStream, existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {beforeAll, describe, expect, test} from '@jest/globals';
import type {Schema} from 'avsc';
import {parse} from 'yaml';
import {connectors} from '../../connectors/index.ts';
import {composePackages} from '../../scripts/services/downloads.ts';
import {images} from '../../scripts/services/containers.ts';
import {readLines} from '../../src/commands/publish/lines.ts';
import {loadConfig} from '../../src/config/load.ts';
import {createEncoder, readCanonicalSchema} from '../../src/stages/decode/index.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  image: string;
  profiles?: string[];
  ports?: string[];
  volumes?: string[];
  healthcheck?: object;
  depends_on?: Record<string, {condition: string}>;
  environment?: Record<string, string>;
  command?: string;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, null>;
}

/** As compose reads it where the environment says nothing. */
const compose = parse(
  textOf('compose.yaml')
    .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replaceAll('$$', '$'),
  {merge: true},
) as Compose;
const services = Object.entries(compose.services);

let packages = '';
beforeAll(async () => {
  packages = await composePackages((line) => void process.stderr.write(`${line}\n`));
}, 300_000);

const reader = `
import json, sys
from compose_spec import PyCompose
def refusal(text):
    try:
        PyCompose.from_json(text)
        return ''
    except ValueError as error:
        return str(error)
print(json.dumps([refusal(text) for text in json.load(sys.stdin)]))`;

/** What the compose specification has against each. */
function refusalsOf(texts: readonly string[]): string[] {
  const env = {...process.env, PYTHONPATH: packages};
  const {stdout} = spawnSync('python3', ['-c', reader], {
    ...{input: JSON.stringify(texts), encoding: 'utf8', env, stdio: ['pipe', 'pipe', 'inherit']},
  });
  return JSON.parse(stdout) as string[];
}

describe('compose.yaml', () => {
  const text = JSON.stringify(compose);

  test('keeps the compose specification, and what does not is noticed', () => {
    const spoilt = [
      text.replace('cap_drop', 'cap_dropp'),
      text.replace('service_healthy', 'healthy'),
      text.replace('"interval":"5s"', '"interval":"soon"'),
    ];
    expect(refusalsOf([text, ...spoilt])).toEqual([
      '',
      expect.stringContaining('cap_dropp'),
      expect.stringContaining('unknown variant'),
      expect.stringContaining('duration'),
    ]);
  });

  test('starts Kafka, registry and Redis alone unless told', () => {
    const always = services.filter(([, {profiles}]) => profiles === undefined).map(([name]) => name);
    expect(always.sort()).toEqual(Object.keys(images).sort());
  });

  test('pins every image, listens on loopback alone, and mounts what is there', () => {
    const own = services.map(([, {image}]) => image).filter((image) => image !== 'avro-scim');
    expect(own.filter((image) => !/:v?\d+(\.\d+)+/.test(image))).toEqual([]);
    const [, base] = /^ARG BASE_IMAGE=docker\.io\/library\/(\S+)$/m.exec(textOf('Dockerfile')) ?? [];
    expect(compose.services['wiki']?.image).toBe(base);
    const ports = services.flatMap(([, one]) => one.ports ?? []);
    expect(ports.length).toBeGreaterThan(5);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const taken = ports.map((port) => port.split(':')[1]);
    expect(new Set(taken).size).toBe(taken.length);
    const sources = services.flatMap(([, one]) => one.volumes ?? []).map((one) => one.split(':')[0] ?? '');
    const missing = sources.filter((one) =>
      one.startsWith('.') ? !existsSync(join(root, one)) : !(one in compose.volumes),
    );
    expect(missing).toEqual([]);
  });

  test('waits only for what tells that it is well, and starts only what is there', () => {
    for (const [, {depends_on: needs = {}}] of services)
      for (const [name, {condition}] of Object.entries(needs)) {
        const needed = compose.services[name];
        expect({name, isThere: needed !== undefined}).toEqual({name, isThere: true});
        if (condition === 'service_healthy' && name !== 'avro-scim')
          expect({name, says: needed?.healthcheck !== undefined}).toEqual({name, says: true});
      }
    for (const [, {command = ''}] of services)
      for (const [script] of command.matchAll(/\S+\.ts\b/g))
        expect(existsSync(join(root, script))).toBe(true);
  });
});

describe('what compose.yaml mounts', () => {
  const manifests = connectors.map(({manifest}) => manifest);
  const {environment: env = {}} = compose.services['avro-scim'] ?? {};

  test('a config that the program takes, of the containers by name', () => {
    const loaded = loadConfig({
      ...{path: join(root, 'compose/avro-scim.yaml'), env, manifests, own: new Map()},
    });
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
    const text = textOf('compose/avro-scim.yaml');
    const hosts = [...text.matchAll(/(?:\/\/|')(\w[\w-]*):\d+/g)].map(([, host]) => host ?? '');
    expect(hosts.length).toBeGreaterThan(4);
    expect(hosts.filter((host) => !(host in compose.services))).toEqual([]);
    for (const [name, token] of [
      ['wiki', env['WIKI_TOKEN']],
      ['helpdesk', env['HELPDESK_TOKEN']],
    ])
      expect(compose.services[name ?? '']?.command).toMatch(new RegExp(`--token ${token}$`));
  });

  test('events that can be published', async () => {
    const lines = createInterface(createReadStream(join(root, 'compose/events.jsonl')));
    const encoder = createEncoder(JSON.parse(readCanonicalSchema()) as Schema);
    const {events, problems} = await readLines(lines, encoder);
    expect({problems, count: events.length}).toEqual({problems: [], count: 3});
  });

  test('rules and a target for Prometheus', () => {
    const {rule_files: rules, scrape_configs: scraped} = parse(textOf('compose/prometheus.yaml')) as {
      rule_files: string[];
      scrape_configs: {static_configs: {targets: string[]}[]}[];
    };
    const mounted = (compose.services['prometheus']?.volumes ?? []).map((one) => one.split(':')[1]);
    expect(mounted).toEqual(expect.arrayContaining(rules));
    const targets = scraped.flatMap((one) => one.static_configs.flatMap((two) => two.targets));
    expect(targets).toEqual(['avro-scim:9464']);
  });
});
