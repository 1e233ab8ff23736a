import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from '@jest/globals';
import {parse} from 'yaml';
import type {JsonSchema} from '../../src/config/shape.ts';
import {valuesSchema} from './values.ts';
import {valueTable, valueTexts} from './values-text.ts';

const valuesYaml = readFileSync(join(import.meta.dirname, '../../helm/avro-scim/values.yaml'), 'utf8');

describe('what values.yaml tells', () => {
  const yaml = [
    '# Of the first.\na: 1',
    '# Of the map.\nb:\n  # Below it.\n  # And on.\n  c: [x]\n  # Once more.\n  d: {}',
    '# Told as one.\ne:\n  f: 1\n  g: 2',
    'h:\n  # Deep.\n  i: null',
  ].join('\n');

  test('every value with its words and its default, a map whose values have words without one', () => {
    expect(valueTexts(yaml)).toEqual([
      {path: ['a'], describe: 'Of the first.', standard: 1},
      {path: ['b'], describe: 'Of the map.'},
      {path: ['b', 'c'], describe: 'Below it. And on.', standard: ['x']},
      {path: ['b', 'd'], describe: 'Once more.', standard: {}},
      {path: ['e'], describe: 'Told as one.', standard: {f: 1, g: 2}},
      {path: ['h', 'i'], describe: 'Deep.', standard: null},
    ]);
    expect(valueTable(yaml)).toContain('| `b.c` | `["x"]` | Below it. And on. |');
  });

  test('a value without words is refused by its path', () => {
    expect(() => valueTexts('# Of the first.\na: 1\nb: {c: 1}')).toThrow('b.c has no comment');
  });
});

describe('the schema of the values', () => {
  const schema = valuesSchema(valuesYaml);

  /** Paths of the values that a schema names one by one. */
  const named = (shape: JsonSchema, path: string[] = []): string[] =>
    Object.entries(shape.properties ?? {}).flatMap(([key, one]) => [
      [...path, key].join('.'),
      ...(path.length === 0 && key === 'config' ? [] : named(one, [...path, key])),
    ]);

  test('knows what values.yaml has, and nothing else', () => {
    const values = parse(valuesYaml) as Record<string, unknown>;
    const has = (path: string): boolean =>
      path
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], values) !==
      undefined;
    const paths = named(schema).filter((path) => path !== 'global');
    expect(paths.length).toBeGreaterThan(60);
    expect(paths.filter((path) => !has(path))).toEqual([]);
    expect(Object.keys(values).filter((key) => !paths.includes(key))).toEqual([]);
  });

  test('has the program’s own schema below config, and its words from values.yaml', () => {
    const {config, image} = schema.properties ?? {};
    expect(config?.properties?.['kafka']?.properties?.['brokers']?.description).toContain('Brokers to start');
    expect(config?.description).toContain("avro-scim's config");
    expect(image?.properties?.['tag']?.description).toContain('appVersion');
  });

  test('an address may come from the environment or a file', () => {
    const url = schema.properties?.['config']?.properties?.['registry']?.properties?.['url'];
    expect(url?.anyOf).toEqual([
      expect.objectContaining({format: 'uri'}),
      {type: 'string', pattern: '\\$\\{(env|file):'},
    ]);
  });
});
