import {spawnSync} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {stringify} from 'yaml';
import {connectors} from '../../connectors/index.ts';
import {dashboardQueries} from '../../scripts/dashboard.ts';
import {freePort} from '../../scripts/services/ports.ts';
import {
  prometheusPrograms,
  startPrometheus,
  type PrometheusPrograms,
} from '../../scripts/services/prometheus.ts';
import {commands} from '../../src/commands/index.ts';
import {loadConfig} from '../../src/config/load.ts';
import {eventually} from '../support/eventually.ts';
import {startRecordingTarget} from '../support/recording-target.ts';
import {openRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';

const root = join(import.meta.dirname, '../..');
const rules = join(root, 'config/monitoring/alerts.yaml');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const closes: (() => Promise<unknown>)[] = [];
let programs: PrometheusPrograms;
let folder: string;

beforeAll(async () => {
  programs = await prometheusPrograms(say);
  folder = await mkdtemp(join(tmpdir(), 'monitoring-'));
  closes.push(() => rm(folder, {recursive: true}));
});
afterAll(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

/** Runs promtool; resolves to all that it said. */
function promtool(args: string[], input = '') {
  const {status, stdout, stderr} = spawnSync(programs.promtool, args, {input, encoding: 'utf8'});
  return {status, said: `${stdout}${stderr}`};
}

/** `run` with one target, in this process, until the test ends; resolves to where it serves its metrics. */
async function service(): Promise<string> {
  const target = await startRecordingTarget();
  closes.push(() => target.close());
  const store = openRedis();
  closes.push(() => store.close());
  const address = {host: '127.0.0.1', port: await freePort()};
  const path = join(folder, 'config.yaml');
  const {brokers, registryUrl, redisUrl} = services();
  const config = {
    kafka: {brokers, groupPrefix: store.prefix, topics: [store.prefix]},
    registry: {url: registryUrl},
    redis: {url: redisUrl, prefix: store.prefix},
    admin: address,
    log: {level: 'error'},
    shutdown: {graceMs: 1000},
    targets: {here: {connector: 'scim', config: {baseUrl: target.url, auth: {bearer: 'of-a-test'}}}},
  };
  await writeFile(path, JSON.stringify(config));
  const manifests = connectors.map(({manifest}) => manifest);
  const stop = new AbortController();
  const running = commands
    .find(({name}) => name === 'run')
    ?.run({
      ...{arguments: [], options: {}, json: true, configPath: path, env: {}, signal: stop.signal},
      ...{print: say, complain: say},
      load: () => {
        const loaded = loadConfig({path, env: {}, manifests});
        if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
        return Promise.resolve(loaded);
      },
    });
  closes.push(async () => {
    stop.abort();
    await running;
  });
  return `${address.host}:${address.port}`;
}

/** What Prometheus answers. */
async function ask<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}`);
  const {status, data, error} = (await response.json()) as {status: string; data: T; error?: string};
  if (status !== 'success') throw new Error(`${path}: ${error}`);
  return data;
}

interface Vector {
  result: {metric: Record<string, string>; value: [number, string]}[];
}
const query = (url: string, expression: string): Promise<Vector> =>
  ask(url, `query?query=${encodeURIComponent(expression)}`);

describe('monitoring', () => {
  test('the alert rules are right, and fire when they should', () => {
    expect(promtool(['check', 'rules', rules])).toMatchObject({status: 0});
    expect(promtool(['test', 'rules', join(root, 'test/monitoring/alerts.test.yaml')])).toMatchObject({
      status: 0,
      said: expect.stringContaining('SUCCESS'),
    });
  });

  test('promtool says when a rule is wrong', async () => {
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, stringify({groups: [{name: 'g', rules: [{record: 'r', expr: 'sum(('}]}]}));
    expect(promtool(['check', 'rules', file])).toMatchObject({status: 1});
  });

  test('a Prometheus scrapes the service, evaluates each rule, and answers what the dashboard asks', async () => {
    const address = await service();
    const text = await eventually(async () => {
      const page = await (await fetch(`http://${address}/metrics`)).text();
      return page.includes('avroscim_parked_changes{target="here"} 0') && page;
    });
    const own = text.split('\n').filter((line) => line.includes('avroscim_'));
    expect(promtool(['check', 'metrics'], `${own.join('\n')}\n`)).toEqual({status: 0, said: ''});

    const {url, close} = await startPrometheus(programs, {target: address, rules});
    closes.push(close);
    const gates = await eventually(async () => {
      const {result} = await query(url, 'avroscim_gate{target="here",job="avro-scim"} == 1');
      return result.length > 0 && result;
    });
    expect(gates).toMatchObject([{metric: {state: 'open'}}]);
    for (const expression of dashboardQueries()) await query(url, expression);
    const evaluated = await eventually(async () => {
      const {groups} = await ask<{groups: {rules: {health: string; lastError?: string}[]}[]}>(url, 'rules');
      const all = groups.flatMap((group) => group.rules);
      return all.every(({health}) => health !== 'unknown') && all;
    });
    expect(evaluated.filter(({health}) => health !== 'ok')).toEqual([]);
    expect(evaluated.length).toBeGreaterThan(10);
  });
});
