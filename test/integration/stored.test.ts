import {expect, test} from '@jest/globals';
import {connectors} from '../../connectors/index.ts';
import {startRedis} from '../../scripts/services/index.ts';
import type {CommandContext} from '../../src/commands/command.ts';
import {withStored, type Stored} from '../../src/commands/stored/open.ts';
import {loadConfig} from '../../src/config/load.ts';
import type {AuditRecord} from '../../src/core/audit.ts';

const manifests = connectors.map(({manifest}) => manifest);

/** The context of a command whose config names this Redis and no file for the audit, and what it complains of. */
function contextOf(url: string) {
  const complaints: string[] = [];
  const text = JSON.stringify({
    kafka: {topics: ['events']},
    redis: {url},
    log: {level: 'error'},
    targets: {
      wiki: {connector: 'scim', config: {baseUrl: 'https://wiki.example/scim/v2', auth: {bearer: 'made up'}}},
    },
  });
  const context: CommandContext = {
    arguments: [],
    options: {},
    json: true,
    configPath: '/config.yaml',
    env: {},
    signal: new AbortController().signal,
    print: () => undefined,
    complain: (line) => void complaints.push(line),
    load: () => {
      const loaded = loadConfig({path: '/config.yaml', env: {}, manifests, readFile: () => text});
      if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
      return Promise.resolve(loaded);
    },
  };
  return {context, complaints};
}

test('a Redis that goes away in the middle of a command is told, and the code is 3', async () => {
  const service = await startRedis({log: () => undefined});
  try {
    const {context, complaints} = contextOf(service.url);
    const code = await withStored(context, async ([stored]) => {
      await stored?.letters.counts();
      await service.stop();
      await stored?.letters.counts();
      return 0;
    });
    expect(code).toBe(3);
    expect(complaints).toEqual([expect.stringContaining('Redis went away in the middle of the work')]);
  } finally {
    await service.remove();
  }
});

test('what else goes wrong is no matter of Redis; without a file the audit stands on standard error', async () => {
  const service = await startRedis({log: () => undefined});
  try {
    const {context, complaints} = contextOf(service.url);
    const record: AuditRecord = {id: 'r', at: 1, target: 'wiki', subject: 'u', outcome: 'skipped'};
    const work = async (stored: Stored[]): Promise<never> => {
      await stored[0]?.audit.append([record]);
      throw new Error('a bug');
    };
    await expect(withStored(context, work)).rejects.toThrow('a bug');
    expect(complaints.map((line) => JSON.parse(line) as object)).toMatchObject([{audit: record}]);
  } finally {
    await service.remove();
  }
});
