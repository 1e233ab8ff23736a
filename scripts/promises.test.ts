import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from '@jest/globals';
import {commands} from '../src/commands/index.ts';
import {metrics} from './metric-table.ts';

/** What a version promised: settings with their defaults as docs/configuration.md had them, metrics, commands. */
interface Promised {
  settings: Record<string, string>;
  metrics: string[];
  commands: string[];
}

/** Defaults that are others since, each named in the CHANGELOG. */
const changedDefaults: Readonly<Record<string, string>> = {
  'redis.fsyncIntervalMs': 'absent: Redis is asked for its own',
};

const root = join(import.meta.dirname, '..');
const history = join(root, 'test/history');
const versions = readdirSync(history).flatMap((file) => /^names-(.*)\.json$/.exec(file)?.[1] ?? []);

const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
const defaults = new Map(
  [...page.matchAll(/^\| `([^`]+)` *\| .*? *\| (.*?) *\| /gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]),
);

describe.each(versions)('what %s promised', (version) => {
  const promised = JSON.parse(readFileSync(join(history, `names-${version}.json`), 'utf8')) as Promised;

  test('each setting is still there, with its default', () => {
    expect(Object.keys(promised.settings).length).toBeGreaterThan(100);
    const odd = Object.entries(promised.settings).filter(
      ([name, value]) => defaults.get(name) !== (name in changedDefaults ? '' : value),
    );
    expect(odd).toEqual([]);
  });

  test('each metric and command is still there', () => {
    const present = new Set<string>([...metrics, ...commands].map(({name}) => name));
    expect([...promised.metrics, ...promised.commands].filter((name) => !present.has(name))).toEqual([]);
  });
});

test('a version is looked at', () => {
  expect(versions).toContain('0.1.0');
});
