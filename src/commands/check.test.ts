import {expect, test} from '@jest/globals';
import {connectors} from '../../connectors/index.ts';
import {loadConfig} from '../config/load.ts';
import {check} from './check.ts';

const config = {
  targets: {
    wiki: {
      connector: 'scim',
      config: {baseUrl: 'https://wiki.example/scim/v2', auth: {bearer: 'of-a-test'}},
      protected: {names: ['root'], groups: ['keys']},
    },
  },
  protected: {names: ['admin'], filter: 'title pr'},
};

test('who is protected is counted, without any service', async () => {
  const printed: string[] = [];
  const fail = (line: string): never => {
    throw new Error(line);
  };
  const code = await check.run({
    ...{arguments: [], options: {offline: true}, json: true, configPath: 'f.yaml', env: {}},
    signal: new AbortController().signal,
    print: (line) => void printed.push(line),
    complain: fail,
    load: () => {
      const manifests = connectors.map(({manifest}) => manifest);
      const readFile = (): string => JSON.stringify(config);
      const loaded = loadConfig({path: 'f.yaml', env: {}, manifests, readFile});
      return Promise.resolve(loaded.ok ? loaded : fail(JSON.stringify(loaded.problems)));
    },
  });
  expect(code).toBe(0);
  expect(JSON.parse(printed.join('\n'))).toMatchObject({
    checks: expect.arrayContaining([
      {
        ...{check: 'protected wiki', verdict: 'ok'},
        detail: '2 by name, 1 filter(s), members of 1 group(s)',
      },
    ]),
  });
});
