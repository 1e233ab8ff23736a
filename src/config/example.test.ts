import {describe, expect, test} from '@jest/globals';
import {generateKeyPairSync} from 'node:crypto';
import {parse} from 'yaml';
import {scim} from '../../connectors/scim/index.ts';
import {exampleYaml} from './example.ts';
import {loadConfig} from './load.ts';
import {configSchema} from './schema.ts';
import {formsOf, shapeOf, type JsonSchema} from './shape.ts';

const signingKey = generateKeyPairSync('ed25519').privateKey.export({type: 'pkcs8', format: 'pem'});
const secretAt = (path: string): string => {
  if (path.includes('audit-signing')) return signingKey;
  return path.includes('tokens') ? `ada viewer sha256:${'0'.repeat(64)}` : 'content'.repeat(5);
};

const load = (text: string) =>
  loadConfig({
    path: '/c.yaml',
    env: {KAFKA_PASSWORD: 'p', REGISTRY_PASSWORD: 'p', REDIS_PASSWORD: 'p'},
    manifests: [scim.manifest],
    readFile: (path) => (path === '/c.yaml' ? text : path.endsWith('.avsc') ? '"string"' : secretAt(path)),
  });

/** The first of each setting's lines, no longer commented out. */
const switchedOn = (text: string): string => {
  const seen = new Set<string>();
  return text
    .split('\n')
    .map((line) => line.replace(/^( *)# ((?: {2})*[a-z][a-zA-Z]*:)(?= ["[{\w./-]|$)/, '$1$2'))
    .filter((line, at, lines) => {
      if (/^ *#/.test(line) || line === '') return false;
      const section = lines.slice(0, at).findLast((one) => /^[a-zA-Z]/.test(one)) ?? '';
      const parent =
        lines.slice(0, at).findLast((one) => one.search(/\S/) < line.search(/\S/) && !/^ *#/.test(one)) ?? '';
      const id = `${section}|${parent}|${line.split(':')[0] ?? ''}`;
      return seen.size < seen.add(id).size;
    })
    .join('\n');
};

const settingNames = (shape: JsonSchema): string[] =>
  formsOf(shape).flatMap((form) => Object.entries(form.properties ?? {}).map(([name]) => name));

describe('the example', () => {
  test('is a working config as it stands, with the defaults', () => {
    const loaded = load(exampleYaml());
    expect(loaded).toMatchObject({ok: true});
    if (!loaded.ok) return;
    const bare = load(`targets: ${JSON.stringify((parse(exampleYaml()) as {targets: unknown}).targets)}\n`);
    expect(loaded.config).toEqual(bare.ok && bare.config);
  });

  test('shows what is off in a form that works too', () => {
    const text = switchedOn(exampleYaml()).replace(/^ {2}cluster: .*\n/m, '');
    const loaded = load(text);
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
    if (!loaded.ok) return;
    expect(loaded.config.kafka).toMatchObject({tls: true, sasl: {mechanism: 'scram-sha-512'}});
    expect(loaded.config.targets['hr-wiki']).toMatchObject({
      rate: {requests: 10, perSeconds: 1},
      window: {maxChanges: 10_000},
      request: {deadlineMs: 30_000},
    });
  });

  test('has every setting, and each has a word on what it is for', () => {
    const shape = shapeOf(configSchema);
    const target = shape.properties?.['targets']?.additionalProperties as JsonSchema;
    const sections = Object.values(shape.properties ?? {});
    for (const name of [shape, target, ...sections].flatMap(settingNames)) {
      expect(exampleYaml()).toMatch(new RegExp(`^ *(# *)*${name}:`, 'm'));
    }
    const undescribed = (one: JsonSchema, path: string): string[] =>
      formsOf(one).flatMap((form) =>
        Object.entries(form.properties ?? {}).flatMap(([name, inner]) => [
          ...(inner.description === undefined ? [`${path}${name}`] : []),
          ...undescribed(inner, `${path}${name}.`),
        ]),
      );
    expect([...undescribed(shape, ''), ...undescribed(target, 'target.')]).toEqual([]);
  });
});
