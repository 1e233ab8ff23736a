import {beforeAll, describe, expect, test} from '@jest/globals';
import {parse} from 'yaml';
import {connectors} from '../../connectors/index.ts';
import {kubernetesVersions, lintChart, renderChart, validateManifests} from '../../scripts/chart/helm.ts';
import {loadConfig} from '../../src/config/load.ts';
import {cases, find, manifestsOf, part, readManifests, renderCases, textOf, yamlOf} from './rig.ts';
import {config, full, least, otherKinds, over} from './values.ts';

beforeAll(renderCases, 300_000);

test('helm lint --strict has nothing to say', async () => {
  const linted = await lintChart([{}, least, full]);
  expect(linted.flat()).toEqual([]);
});

test.each(kubernetesVersions)('Kubernetes %s takes each manifest', async (version) => {
  const wrong = await validateManifests(
    cases.map(({name, cluster}) => yamlOf(name, cluster)),
    version,
  );
  expect(cases.map((one, index) => ({...one, wrong: wrong[index]}))).toEqual(
    cases.map((one) => ({...one, wrong: []})),
  );
});

test('no name is there twice, and the oldest Kubernetes is the chart’s', () => {
  for (const {name} of cases) {
    const all = manifestsOf(name).map(({kind, metadata}) => `${kind} ${metadata.name}`);
    expect(all.length).toBeGreaterThan(1);
    expect(all).toEqual([...new Set(all)]);
  }
  const {kubeVersion} = parse(textOf('helm/avro-scim/Chart.yaml')) as {kubeVersion: string};
  expect(kubeVersion).toBe(`>=${kubernetesVersions[0]}.0-0`);
});

test('a release may be called by a number', async () => {
  const [rendered] = await renderChart([
    {values: over(full, {service: {enabled: false}}), name: '2026', apiVersions: otherKinds},
  ]);
  const yaml = Object.entries(rendered?.manifests ?? {}).filter(([path]) => path.endsWith('.yaml'));
  expect(yaml.length).toBeGreaterThan(8);
  expect(await validateManifests(yaml.map(([, text]) => text))).toEqual(yaml.map(() => []));
});

describe('the config', () => {
  const manifests = connectors.map(({manifest}) => manifest);
  const configOf = (name: string): string => find(name, 'ConfigMap').data?.['avro-scim.yaml'] ?? '';

  test('is one that the program takes, and says what the values say', () => {
    const loaded = loadConfig({
      path: '/etc/avro-scim/avro-scim.yaml',
      env: {},
      manifests,
      readFile: (path) => (path.endsWith('.yaml') ? configOf('full') : 'of a file'),
    });
    expect(loaded).toMatchObject({ok: true, config: {targets: {wiki: {connector: 'scim'}}}});
    expect(parse(configOf('full'))).toEqual({...config, admin: {host: '0.0.0.0'}});
  });

  test('every setting of the example arrives as it is, large numbers too', async () => {
    const {admin, ...example} = parse(textOf('config/avro-scim.example.yaml')) as Record<string, object>;
    const given = {
      ...example,
      admin: {...admin, host: '::'},
      audit: {...example['audit'], topic: 'identity.audit'},
    };
    const [rendered] = await renderChart([
      {
        values: {
          config: given,
          secrets: [{name: 'wiki'}],
          extraVolumeMounts: [{name: 'all', mountPath: '/run/secrets'}],
        },
      },
    ]);
    const [map] = readManifests(rendered?.manifests?.['avro-scim/templates/configmap.yaml'] ?? '');
    expect(parse(map?.data?.['avro-scim.yaml'] ?? '')).toEqual(given);
  });

  test('files stand beside it; another config takes new pods, another Secret none', () => {
    expect(find('full', 'ConfigMap').data?.['employee.jsonata']).toBe('{"user": {{"id": employeeId}}}\n');
    const sumOf = (name: string): unknown =>
      part(find(name, 'Deployment'), 'spec', 'template', 'metadata', 'annotations', 'checksum/config');
    expect(sumOf('full')).toMatch(/^[0-9a-f]{64}$/);
    expect(sumOf('patterns of topics')).not.toEqual(sumOf('full'));
    expect(sumOf('hpa')).toEqual(sumOf('full'));
  });

  test('the bundled Redis is what it names, with an append-only file', () => {
    expect(parse(configOf('trial'))).toMatchObject({redis: {url: 'redis://avro-scim-redis:6379/0'}});
    const args = part(
      find('trial', 'StatefulSet', '-redis'),
      'spec',
      'template',
      'spec',
      'containers',
      0,
      'args',
    );
    expect((args as string[]).join(' ')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
    for (const name of ['least', 'full']) expect(yamlOf(name)).not.toContain('redis-server');
  });
});
