import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, expect, test} from '@jest/globals';
import {parse} from 'yaml';
import {renderChart, type ChartValues, type Rendered} from '../../scripts/chart/helm.ts';
import {at, full, least, otherKinds, over, trial} from './values.ts';

const valuesYaml = readFileSync(join(import.meta.dirname, '../../helm/avro-scim/values.yaml'), 'utf8');
const values = parse(valuesYaml) as ChartValues;

/** Paths of the values that have none below them, with their defaults. */
const leavesOf = (value: unknown, path: readonly string[] = []): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([key, below]) => leavesOf(below, [...path, key]))
    : [[path.join('.'), value]];

/** What may be said in place of a default that is a text or a list, and of what is empty. */
const others: Record<string, unknown> = {
  mode: 'sidecar',
  nameOverride: 'other',
  fullnameOverride: 'other',
  'image.repository': 'registry.example/avro-scim',
  'image.tag': '9.9.9',
  'image.digest': `sha256:${'0'.repeat(64)}`,
  'image.pullPolicy': 'Always',
  'config.targets': {...(full['config'] as {targets: object}).targets, second: {connector: 'okta'}},
  'strategy.type': 'Recreate',
  'resources.requests.cpu': '2',
  'resources.requests.memory': '1Gi',
  'resources.limits.memory': '2Gi',
  'podSecurityContext.seccompProfile.type': 'Unconfined',
  'securityContext.capabilities.drop': [],
  secrets: [{name: 'other', path: 'wiki'}],
  topologySpread: [],
  'serviceAccount.name': 'other',
  'service.type': 'NodePort',
  'podMonitor.interval': '15s',
  'test.topic': 'another',
  'test.subject': 'another',
  'autoscaling.kind': 'hpa',
  'bundledRedis.image': 'redis:8',
  'bundledRedis.storage': '2Gi',
  'bundledRedis.storageClass': 'fast',
  'bundledRedis.maxMemory': '1gb',
  'bundledRedis.resources.requests.cpu': '1',
  'bundledRedis.resources.requests.memory': '1Gi',
  'bundledRedis.resources.limits.memory': '1Gi',
};

/** What `full` says of a value that is empty by default is left out to see it missed. */
const left = (path: string, standard: unknown): unknown => others[path] ?? standard;

function changed(path: string, standard: unknown): unknown {
  if (typeof standard === 'boolean') return !isOn(path, standard);
  if (typeof standard === 'number') return standard + 1;
  return left(path, standard);
}

const isOn = (path: string, standard: boolean): boolean =>
  path.split('.').reduce<unknown>((value, key) => (value as ChartValues | undefined)?.[key], full) === true ||
  standard;

/** Values beside which one of a part that is off otherwise, or only counts without another, counts. */
function around(path: string): ChartValues {
  if (path.startsWith('bundledRedis.') && path !== 'bundledRedis.enabled') return trial(full);
  if (path === 'bundledRedis.enabled') return {...trial(full), bundledRedis: {enabled: false}};
  if (path.startsWith('sidecar.')) return over(full, {mode: 'sidecar', sidecar: {podLabels: {app: 'kafka'}}});
  if (path === 'replicas') return over(full, {autoscaling: {enabled: false}});
  return full;
}

const leaves = leavesOf(values);
const rendered = new Map<string, [Rendered, Rendered]>();

beforeAll(async () => {
  const asked = leaves.flatMap(([path, standard]) => {
    const values = around(path);
    const isBundled = path === 'bundledRedis.enabled';
    return [
      {values: isBundled ? least : values, apiVersions: otherKinds},
      {values: over(values, at(path, changed(path, standard))), apiVersions: otherKinds},
    ];
  });
  const answers = await renderChart(asked);
  for (const [index, [path]] of leaves.entries()) {
    const [before, after] = answers.slice(2 * index);
    if (before && after) rendered.set(path, [before, after]);
  }
}, 300_000);

test('there are many', () => {
  expect(leaves.length).toBeGreaterThan(90);
});

test.each(leaves.map(([path]) => path))('%s changes what is rendered', (path) => {
  const [before, after] = rendered.get(path) ?? [];
  expect([before?.refused, after?.refused]).toEqual([undefined, undefined]);
  expect(after?.manifests).not.toEqual(before?.manifests);
});

test('a map or a list that an older chart’s values do not have, or that is set to null, is as an empty one', async () => {
  const empty = leaves.filter(
    ([, standard]) => JSON.stringify(standard) === '{}' || JSON.stringify(standard) === '[]',
  );
  const free = empty.map(([path]) => path).filter((path) => path !== 'config.targets' && path !== 'secrets');
  expect(free.length).toBeGreaterThan(25);
  const values = over(least, {networkPolicy: {enabled: true}});
  const [as, ...without] = await renderChart(
    [values, ...free.map((path) => over(values, at(path, null)))].map((one) => ({
      ...{values: one, apiVersions: otherKinds},
    })),
  );
  expect(without.map((one, index) => [free[index], one])).toEqual(free.map((path) => [path, as]));
});
