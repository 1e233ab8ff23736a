import {beforeAll, describe, expect, test} from '@jest/globals';
import {parse} from 'yaml';
import {renderChart, type ChartValues} from '../../scripts/chart/helm.ts';
import {everyValues, find, manifestsOf, part, readManifests, renderCases, type Manifest} from './rig.ts';
import {config, full, least, over} from './values.ts';

beforeAll(renderCases, 300_000);

const podOf = (name: string): unknown => part(find(name, 'Deployment'), 'spec', 'template', 'spec');

describe('the pods', () => {
  test('are what the Pod Security standard “restricted” asks for, all of them', () => {
    for (const name of Object.keys(everyValues)) {
      const pods = manifestsOf(name).flatMap(({kind, spec}) =>
        kind === 'Pod' ? [spec] : [part(spec, 'template', 'spec') as Manifest['spec']].filter(Boolean),
      );
      for (const pod of pods) {
        expect(pod['securityContext']).toMatchObject({
          runAsNonRoot: true,
          runAsUser: 10_001,
          seccompProfile: {type: 'RuntimeDefault'},
        });
        expect(pod['automountServiceAccountToken']).toBe(false);
        for (const container of pod['containers'] as object[])
          expect(container).toMatchObject({
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: {drop: ['ALL']},
            },
          });
      }
    }
  });

  test('have more time to end than the program takes, in whole seconds', async () => {
    expect(part(podOf('least'), 'terminationGracePeriodSeconds')).toBe(35);
    const values = over(least, {config: {shutdown: {graceMs: 60_001}}, terminationMarginSeconds: 5});
    const [rendered] = await renderChart([{values}]);
    expect(rendered?.manifests?.['avro-scim/templates/deployment.yaml']).toContain(
      'terminationGracePeriodSeconds: 66',
    );
  });

  test('are all stopped before others start where that is asked for, in words that Kubernetes takes', async () => {
    const [rendered] = await renderChart([{values: over(least, {strategy: {type: 'Recreate'}})}]);
    const deployment = parse(rendered?.manifests?.['avro-scim/templates/deployment.yaml'] ?? '') as Manifest;
    // It refuses `rollingUpdate` beside it, which its schemas do not say.
    expect(part(deployment, 'spec', 'strategy')).toEqual({type: 'Recreate'});
    expect(part(find('least', 'Deployment'), 'spec', 'strategy')).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: {maxSurge: 1, maxUnavailable: 0},
    });
  });

  test('have labels, annotations and containers of your own, and none of them takes a pod’s name away', async () => {
    const labels = {'cost-center': 'identity', 'app.kubernetes.io/component': 'x', 'helm.sh/chart': 'x'};
    const [rendered] = await renderChart([{values: over(full, {commonLabels: labels, podLabels: labels})}]);
    for (const [path, text] of Object.entries(rendered?.manifests ?? {})) {
      for (const {metadata} of path.endsWith('.yaml') ? readManifests(text) : [])
        expect(metadata.labels).toMatchObject({
          'cost-center': 'identity',
          'helm.sh/chart': 'avro-scim-0.1.0',
          'app.kubernetes.io/instance': 'avro-scim',
        });
      expect(text).not.toContain(': x\n');
    }
    expect(find('full', 'Deployment').metadata.annotations).toEqual({note: 'of the deployment'});
    expect(part(podOf('full'), 'containers', 1, 'name')).toBe('beside');
    for (const pod of [podOf('full'), part(find('full', 'Job', '-check'), 'spec', 'template', 'spec')])
      expect(part(pod, 'initContainers', 0, 'name')).toBe('first');
    expect(part(find('full', 'Job', '-check').spec, 'template', 'spec', 'containers')).toHaveLength(1);
  });

  test('that may take more memory than they get are told of', async () => {
    const {wiki} = config.targets;
    const targets = (many: number, window?: object) =>
      Object.fromEntries(
        Array.from({length: many}, (_, at) => [`wiki${at}`, {...wiki, ...(window && {window})}]),
      );
    const some: [ChartValues, boolean][] = [
      [{config: {targets: targets(4)}}, true],
      [{config: {targets: targets(3)}}, false],
      [{config: {targets: targets(4)}, targets: ['wiki0']}, false],
      [{config: {targets: targets(4)}, resources: {limits: {memory: '1G'}}}, false],
      [{config: {targets: targets(4, {maxBytes: '32 MB'})}}, false],
      [{config: {targets: targets(1), window: {maxBytes: 268_435_456}}}, true],
      [{config: {targets: targets(4)}, resources: {limits: {memory: null}}}, false],
    ];
    const rendered = await renderChart(some.map(([values]) => ({values: over(least, values)})));
    const told = rendered.map(({manifests, refused}) => [
      refused,
      manifests?.['avro-scim/templates/NOTES.txt']?.includes('Too little memory'),
    ]);
    expect(told).toEqual(some.map(([, isLess]) => [undefined, isLess]));
    expect(rendered[0]?.manifests?.['avro-scim/templates/NOTES.txt']).toContain('is 512Mi, and');
    expect(rendered[0]?.manifests?.['avro-scim/templates/NOTES.txt']).toContain('may take 520Mi');
  });

  test('have Secrets as files that their group alone reads', () => {
    expect(part(podOf('full'), 'volumes')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          secret: {secretName: 'wiki', defaultMode: 0o440, items: [{key: 'token', path: 'token'}]},
        }),
        expect.objectContaining({secret: {secretName: 'tls.of.kafka', defaultMode: 0o440}}),
      ]),
    );
    expect(part(podOf('full'), 'containers', 0, 'volumeMounts')).toEqual(
      expect.arrayContaining([expect.objectContaining({mountPath: '/run/secrets/kafka', readOnly: true})]),
    );
  });

  test('are probed at the port of the config', () => {
    const container = part(podOf('least'), 'containers', 0);
    expect(container).toMatchObject({
      ports: [{name: 'avro-scim', containerPort: 9464}],
      startupProbe: {httpGet: {path: '/livez', port: 'avro-scim'}},
      livenessProbe: {httpGet: {path: '/livez'}},
      readinessProbe: {httpGet: {path: '/readyz'}},
    });
  });

  test('have an identity at AWS, Azure and Google', () => {
    expect(find('full', 'ServiceAccount').metadata.annotations).toEqual({
      note: 'of the account',
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/avro-scim',
      'azure.workload.identity/client-id': '11111111-2222-3333-4444-555555555555',
      'iam.gke.io/gcp-service-account': 'avro-scim@project.iam.gserviceaccount.com',
    });
    expect(part(find('full', 'Deployment'), 'spec', 'template', 'metadata', 'labels')).toMatchObject({
      'azure.workload.identity/use': 'true',
    });
  });
});

describe('the check before an install', () => {
  test('has the new config, Secrets and identity, before anything else is there', () => {
    const job = find('full', 'Job', '-check');
    expect(job.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    const argsOf = (of: Manifest) => part(of.spec, 'template', 'spec', 'containers', 0, 'args');
    expect(argsOf(job)).toEqual(['check', '--target', 'wiki']);
    expect(argsOf(find('least', 'Job', '-check'))).toEqual(['check']);
    for (const kind of ['ConfigMap', 'ServiceAccount']) {
      const beside = find('full', kind, '-check');
      expect(beside.metadata.annotations).toMatchObject({
        'helm.sh/hook': 'pre-install,pre-upgrade',
        'helm.sh/hook-weight': '-5',
      });
    }
    expect(find('full', 'ConfigMap', '-check').data).toEqual(find('full', 'ConfigMap').data);
    expect(find('full', 'ServiceAccount', '-check').metadata.annotations).toMatchObject({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::123456789012:role/avro-scim',
    });
  });

  test('reaches what the service will, before the service’s own policy is there, and is reached by nobody', () => {
    for (const name of ['full', 'full sidecar']) {
      const policy = find(name, 'NetworkPolicy', '-check');
      expect(policy.metadata.annotations).toMatchObject({
        'helm.sh/hook': 'pre-install,pre-upgrade',
        'helm.sh/hook-weight': '-5',
      });
      const labels = part(find(name, 'Job', '-check').spec, 'template', 'metadata', 'labels');
      expect(labels).toMatchObject(part(policy.spec, 'podSelector', 'matchLabels') as object);
      expect(policy.spec).toMatchObject({
        policyTypes: ['Ingress', 'Egress'],
        egress: find('full', 'NetworkPolicy').spec['egress'],
      });
      expect(policy.spec).not.toHaveProperty('ingress');
    }
    expect(() => find('least', 'NetworkPolicy', '-check')).toThrow('there is no NetworkPolicy');
  });

  test('is not tried again after it has found something wrong', () => {
    expect(find('least', 'Job', '-check').spec).toMatchObject({
      backoffLimit: 2,
      podFailurePolicy: {
        rules: [
          {
            action: 'FailJob',
            onPodConditions: [],
            onExitCodes: {containerName: 'check', operator: 'In', values: [1, 2]},
          },
        ],
      },
    });
  });

  test('has the pods’ annotations, and its own over them', async () => {
    const podAnnotations = {inject: 'yes', role: 'avro-scim'};
    const values = over(least, {
      podAnnotations,
      checkHook: {podAnnotations: {inject: 'no'}},
      test: {podAnnotations: {role: 'test'}},
    });
    const [rendered] = await renderChart([{values}]);
    const manifestsAt = (path: string) => readManifests(rendered?.manifests?.[path] ?? '');
    const job = manifestsAt('avro-scim/templates/check.yaml').find(({kind}) => kind === 'Job');
    expect(part(job, 'spec', 'template', 'metadata', 'annotations')).toEqual({
      inject: 'no',
      role: 'avro-scim',
    });
    const pod = manifestsAt('avro-scim/templates/tests/publish.yaml').find(({kind}) => kind === 'Pod');
    expect(pod?.metadata.annotations).toMatchObject({inject: 'yes', role: 'test', 'helm.sh/hook': 'test'});
  });

  test('uses an account that is there, and waits for the bundled Redis', () => {
    const there = find('an account that is there', 'Job', '-check');
    expect(part(there.spec, 'template', 'spec', 'serviceAccountName')).toBe('there');
    const {annotations} = find('trial', 'Job', '-check').metadata;
    expect(annotations?.['helm.sh/hook']).toBe('post-install,post-upgrade');
  });
});

describe('helm test', () => {
  test('publishes to the first topic that is no pattern, and waits for what is served here', () => {
    const argsOf = (name: string): unknown => part(find(name, 'Pod', '-test').spec, 'containers', 0, 'args');
    const args = ['publish', '/etc/avro-scim/helm-test.jsonl', '--topic', 'identity.events'];
    expect(argsOf('least')).toEqual([...args, '--now', '--wait', '--timeout', '60']);
    expect(argsOf('full')).toEqual([...args, '--now', '--wait', '--timeout', '60', '--target', 'wiki']);
    expect(() => find('patterns of topics', 'Pod', '-test')).toThrow('there is no Pod');
  });

  test('says that somebody leaves whom nobody has, and stays for its log', () => {
    const map = find('least', 'ConfigMap', '-test');
    expect(JSON.parse(map.data?.['helm-test.jsonl'] ?? '')).toMatchObject({
      key: 'avro-scim-helm-test',
      value: {user: {id: 'avro-scim-helm-test', active: false}},
    });
    expect(map.data?.['avro-scim.yaml']).toEqual(find('least', 'ConfigMap').data?.['avro-scim.yaml']);
    for (const {metadata} of [map, find('least', 'Pod', '-test')])
      expect(metadata.annotations).toMatchObject({
        'helm.sh/hook': 'test',
        'helm.sh/hook-delete-policy': 'before-hook-creation',
      });
  });
});
