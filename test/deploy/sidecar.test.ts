import {beforeAll, describe, expect, test} from '@jest/globals';
import {parse, stringify} from 'yaml';
import {renderChart, validateManifests} from '../../scripts/chart/helm.ts';
import {everyValues, find, manifestsOf, part, readManifests, renderCases} from './rig.ts';
import {configWithout, least, over} from './values.ts';

beforeAll(renderCases, 300_000);

describe('the sidecar', () => {
  /** As `kubectl patch` merges it into a pod: containers and volumes by name. */
  const patched = (name: string): unknown => {
    const patch = parse(find(name, 'ConfigMap', '-sidecar').data?.['patch.yaml'] ?? '') as unknown;
    const pod = part(patch, 'spec', 'template', 'spec') as Record<string, unknown[] | undefined>;
    const broker = {name: 'kafka', image: 'kafka:4'};
    const containers = [broker, ...(pod['containers'] ?? [])];
    const labels = {app: 'kafka'};
    return {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: {name: 'kafka'},
      spec: {
        serviceName: 'kafka',
        selector: {matchLabels: labels},
        template: {
          metadata: {labels, ...(part(patch, 'spec', 'template', 'metadata') as object)},
          spec: {...pod, containers},
        },
      },
    };
  };

  test('is a patch for a pod that exists, with all that the container needs', async () => {
    const both = [patched('sidecar'), patched('full sidecar')];
    expect(await validateManifests(both.map((one) => stringify(one)))).toEqual([[], []]);
    expect(part(both[0], 'spec', 'template', 'spec', 'containers', 1)).toMatchObject({
      name: 'avro-scim',
      securityContext: {runAsUser: 10_001, runAsNonRoot: true, readOnlyRootFilesystem: true},
    });
    expect(part(both[0], 'spec', 'template', 'spec', 'volumes')).toEqual(
      expect.arrayContaining([
        {name: 'avro-scim-config', configMap: {name: 'avro-scim'}},
        expect.objectContaining({secret: expect.objectContaining({defaultMode: 0o444})}),
      ]),
    );
    expect(part(both[1], 'spec', 'template', 'spec', 'initContainers', 0)).toMatchObject({
      restartPolicy: 'Always',
    });
  });

  test('never makes the pod that it is a guest of unready, and brings what its image is pulled with', () => {
    for (const [name, list] of [
      ['sidecar', 'containers'],
      ['full sidecar', 'initContainers'],
    ] as const) {
      const pod = part(patched(name), 'spec', 'template', 'spec');
      const container = (part(pod, list) as {name: string}[]).find((one) => one.name === 'avro-scim');
      expect(container).toMatchObject({livenessProbe: {}, startupProbe: {httpGet: {path: '/livez'}}});
      expect(container).not.toHaveProperty('readinessProbe');
    }
    expect(part(patched('full sidecar'), 'spec', 'template', 'spec', 'imagePullSecrets')).toEqual([
      {name: 'pull'},
    ]);
  });

  test('is not asked for from a pod of its own where a service is in the pod that it is added to', async () => {
    const brokers = (...given: string[]) =>
      over(everyValues['sidecar'] ?? {}, {config: {kafka: {brokers: given}}});
    const inPod = [
      brokers('127.0.0.1:9092'),
      brokers('localhost:9092'),
      over(least, {...{mode: 'sidecar'}, config: {redis: {url: 'redis://a:${env:P}@[::1]:6379'}}}),
      {...least, mode: 'sidecar', config: configWithout('kafka')},
    ];
    const rendered = await renderChart([...inPod, brokers('kafka.example:9092')].map((values) => ({values})));
    const told = rendered.map(({manifests = {}}) => {
      const job = readManifests(manifests['avro-scim/templates/check.yaml'] ?? '').at(-1);
      const args = part(job, 'spec', 'template', 'spec', 'containers', 0, 'args') as string[];
      return [args.join(' '), 'avro-scim/templates/tests/publish.yaml' in manifests];
    });
    expect(told).toEqual([...inPod.map(() => ['check --offline', false]), ['check', true]]);
  });

  test('comes without pods, accounts and budgets of its own', () => {
    const made = manifestsOf('sidecar').map(({kind}) => kind);
    for (const kind of ['Deployment', 'ServiceAccount', 'PodDisruptionBudget'])
      expect(made).not.toContain(kind);
    expect(part(find('sidecar', 'PodMonitor'), 'spec', 'selector')).toEqual({matchLabels: {app: 'kafka'}});
    expect(part(find('full sidecar', 'NetworkPolicy'), 'spec', 'policyTypes')).toEqual(['Ingress']);
  });
});
