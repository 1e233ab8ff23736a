import {spawnSync} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeAll, describe, expect, test} from '@jest/globals';
import {parse, stringify} from 'yaml';
import {renderChart} from '../../scripts/chart/helm.ts';
import {prometheusPrograms} from '../../scripts/services/prometheus.ts';
import {find, manifestsOf, part, renderCases, say, textOf, type Manifest} from './rig.ts';
import {least, otherKinds, over} from './values.ts';

let promtool = '';

beforeAll(async () => {
  await renderCases();
  ({promtool} = await prometheusPrograms(say));
}, 300_000);

describe('what watches and bounds', () => {
  test('PodMonitor and PrometheusRule are made where the cluster knows them alone', () => {
    const others = ['PodMonitor', 'PrometheusRule'];
    expect(manifestsOf('full', 'without').filter(({kind}) => others.includes(kind))).toEqual([]);
    expect(manifestsOf('full').filter(({kind}) => others.includes(kind))).toHaveLength(2);
  });

  test('the alerts are the project’s, for this release’s job, and promtool takes them', async () => {
    // What another scrapes has what labels that gives it: test/deploy/alerts.test.ts has the rest.
    const [rendered, without] = await renderChart(
      [least, over(least, {podMonitor: {enabled: false}})].map((values) => ({
        ...{values, name: 'hr', apiVersions: otherKinds},
      })),
    );
    const rule = parse(without?.manifests?.['avro-scim/templates/prometheusrule.yaml'] ?? '') as Manifest;
    const own = parse(
      textOf('config/monitoring/alerts.yaml').replaceAll('job="avro-scim"', 'job="hr-avro-scim"'),
    ) as {groups: unknown};
    expect(rule.spec).toEqual(own);
    const monitor = parse(rendered?.manifests?.['avro-scim/templates/podmonitor.yaml'] ?? '') as Manifest;
    expect(part(monitor, 'spec', 'podMetricsEndpoints', 0, 'relabelings')).toEqual([
      {action: 'replace', targetLabel: 'job', replacement: 'hr-avro-scim'},
    ]);
    const folder = await mkdtemp(join(tmpdir(), 'chart-'));
    try {
      for (const spec of [rule.spec, find('full', 'PrometheusRule').spec]) {
        await writeFile(join(folder, 'rules.yaml'), stringify(spec));
        const {status, stderr} = spawnSync(promtool, ['check', 'rules', join(folder, 'rules.yaml')], {
          encoding: 'utf8',
        });
        expect({status, stderr}).toMatchObject({status: 0});
      }
    } finally {
      await rm(folder, {recursive: true});
    }
    const text = stringify(find('full', 'PrometheusRule').spec);
    expect(text).not.toContain('AvroScimPaused');
    expect(text).toContain('https://docs.example/runbook.md#avroscimabsent');
  });

  test('KEDA asks for the lag of each target’s group, of all topics where one is a pattern', () => {
    const triggers = part(find('full', 'ScaledObject'), 'spec', 'triggers');
    const metadata = {
      bootstrapServers: 'kafka-0.example:9092,kafka-1.example:9092',
      consumerGroup: 'avro-scim.wiki',
      lagThreshold: '1000',
      offsetResetPolicy: 'earliest',
    };
    const authenticationRef = {name: 'kafka'};
    expect(triggers).toEqual([
      {type: 'kafka', metadata: {...metadata, topic: 'identity.events'}, authenticationRef},
    ]);
    expect(part(find('patterns of topics', 'ScaledObject'), 'spec', 'triggers')).toEqual([
      {type: 'kafka', metadata, authenticationRef},
    ]);
    expect(find('full', 'Deployment').spec).not.toHaveProperty('replicas');
    expect(find('least', 'Deployment').spec).toHaveProperty('replicas', 2);
  });

  test('the network policy opens what the config names', () => {
    const portsOf = (name: string): unknown =>
      (part(find(name, 'NetworkPolicy'), 'spec', 'egress', 1, 'ports') as {port: number}[])
        .map(({port}) => port)
        .sort((a, b) => a - b);
    expect(portsOf('full')).toEqual([443, 6380, 8081, 8443, 9092, 9096]);
    expect(portsOf('redis by sentinels')).toEqual([443, 6379, 8081, 8443, 9092, 9096, 26_379]);
    expect(portsOf('redis with a password')).toEqual([443, 6390, 8081, 8443, 9092, 9096]);
    expect(part(find('full', 'NetworkPolicy'), 'spec', 'ingress', 0, 'ports')).toEqual([
      {port: 9464, protocol: 'TCP'},
    ]);
  });
});
