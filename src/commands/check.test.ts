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

/** `check --offline` of this config: what it prints. */
async function checked(config: object, target?: string[]): Promise<{code: number; checks: unknown}> {
  const printed: string[] = [];
  const fail = (line: string): never => {
    throw new Error(line);
  };
  const code = await check.run({
    ...{arguments: [], options: {offline: true, target}, json: true, configPath: 'f.yaml', env: {}},
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
  return {code, ...(JSON.parse(printed.join('\n')) as {checks: unknown})};
}

test('who is protected is counted, without any service', async () => {
  expect(await checked(config)).toMatchObject({
    code: 0,
    checks: expect.arrayContaining([
      {
        ...{check: 'protected wiki', verdict: 'ok'},
        detail: '2 by name, 1 filter(s), members of 1 group(s)',
      },
    ]),
  });
});

test('what the settings leave unsaid is warned of where the service is otherwise than one would think', async () => {
  const {wiki} = config.targets;
  const pagerduty = {...wiki, config: {...wiki.config, profile: 'pagerduty'}};
  const nameless = {...wiki, config: {...wiki.config, profile: {drop: ['externalId']}}};
  const warning = (target: string, detail: string) => ({
    ...{check: `target ${target}`, verdict: 'warning', detail: expect.stringContaining(detail) as unknown},
  });
  expect(await checked({targets: {pagerduty, nameless}})).toMatchObject({
    code: 0,
    checks: expect.arrayContaining([
      warning('pagerduty', 'who comes back gets a new one'),
      warning('nameless', 'no existing one is taken over'),
    ]),
  });
});

test('of some targets alone, what the others have is not looked at', async () => {
  const {wiki} = config.targets;
  const pagerduty = {...wiki, config: {...wiki.config, profile: 'pagerduty'}};
  const {checks} = await checked({targets: {wiki, pagerduty}}, ['wiki']);
  const lines = checks as {check: string; detail: string}[];
  expect(lines.map(({check: name}) => name)).toEqual(['config', 'protected wiki', 'schema']);
  expect(lines[0]?.detail).toBe('f.yaml: 1 target(s), 1 topic(s)');
});
