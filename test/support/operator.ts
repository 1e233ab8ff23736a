import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {connectors} from '../../connectors/index.ts';
import {freePort} from '../../scripts/services/ports.ts';
import type {CommandContext} from '../../src/commands/command.ts';
import {commands} from '../../src/commands/index.ts';
import {loadConfig} from '../../src/config/load.ts';
import {openRedis} from './redis.ts';
import {services} from './services.ts';

/** Commands of an operator at a real Redis, with a target `wiki` and an audit in a file. */
export async function operator(settings: object = {}) {
  const store = openRedis();
  const folder = await mkdtemp(join(tmpdir(), 'operator-'));
  const path = join(folder, 'config.yaml');
  const port = await freePort();
  const config = {
    kafka: {topics: ['events'], brokers: ['127.0.0.1:1']},
    redis: {url: services().redisUrl, prefix: store.prefix},
    audit: {file: join(folder, 'audit.jsonl')},
    admin: {port},
    targets: {
      wiki: {connector: 'scim', config: {baseUrl: 'https://wiki.example/scim/v2', auth: {bearer: 'made up'}}},
    },
    ...settings,
  };
  await writeFile(path, JSON.stringify(config));
  return {
    store,
    place: {...store, target: 'wiki'},
    folder,
    port,
    command: commandAt(path),
    /** The records of the audit's file, as it is now. */
    audited: async (): Promise<Record<string, unknown>[]> => {
      const text = await readFile(join(folder, 'audit.jsonl'), 'utf8').catch(() => '');
      const lines = text.split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    close: async (): Promise<void> => {
      await store.close();
      await rm(folder, {recursive: true});
    },
  };
}

/** Runs a command as `main` does; resolves to its exit code, what it printed, and that read as JSON where it is asked for. */
function commandAt(path: string) {
  return async (
    name: string,
    args: string[] = [],
    options: CommandContext['options'] = {},
    {json = true} = {},
  ) => {
    const printed: string[] = [];
    const complaints: string[] = [];
    const found = commands.find((one) => one.name === name);
    if (!found) throw new Error(`there is no command ${name}`);
    const manifests = connectors.map(({manifest}) => manifest);
    const code = await found.run({
      ...{arguments: args, options, json, configPath: path, env: {}},
      signal: new AbortController().signal,
      print: (line) => void printed.push(line),
      complain: (line) => void complaints.push(line),
      load: () => {
        const loaded = loadConfig({path, env: {}, manifests});
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
        return Promise.resolve(loaded);
      },
    });
    const result = (json ? JSON.parse(printed[0] ?? '{}') : {}) as Record<string, unknown>;
    return {code, result, printed, complaints};
  };
}
