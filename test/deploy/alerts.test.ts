import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {parse, stringify} from 'yaml';
import {renderChart} from '../../scripts/chart/helm.ts';
import {prometheusPrograms} from '../../scripts/services/prometheus.ts';
import {readManifests, say, textOf} from './rig.ts';
import {least, otherKinds, over} from './values.ts';

interface RuleTests {
  rule_files: string[];
  tests: {
    input_series: {series: string; values: string}[];
    alert_rule_test: {alertname: string; exp_alerts: {exp_labels: Record<string, string>}[]}[];
  }[];
}

let promtool = '';
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  ({promtool} = await prometheusPrograms(say));
  const renderings = [
    {values: least, apiVersions: otherKinds},
    {values: over(least, {podMonitor: {enabled: false}}), apiVersions: otherKinds},
  ];
  const names = ['rules.yaml', 'rules-without.yaml'];
  for (const [index, {manifests = {}}] of (await renderChart(renderings)).entries()) {
    const [rule] = readManifests(manifests['avro-scim/templates/prometheusrule.yaml'] ?? '');
    writeFileSync(join(folder, names[index] ?? ''), stringify(rule?.spec));
  }
}, 300_000);
afterAll(() => rmSync(folder, {recursive: true}));

const expected = parse(textOf('test/monitoring/alerts.test.yaml')) as RuleTests;

const labelled = (series: string, namespace: string): string =>
  series.replace('{', `{namespace="${namespace}",${series.includes('job=') ? '' : 'job="avro-scim",'}`);

/** The project's own tests of its alerts, of series as the PodMonitor of a release in this namespace labels them. */
function testsIn(namespace: string, alerts: (name: string) => boolean): RuleTests {
  const own = {job: 'avro-scim', namespace};
  return {
    ...expected,
    rule_files: ['rules.yaml'],
    tests: expected.tests.map((one) => ({
      ...one,
      input_series: one.input_series.map(({series, values}) => ({
        series: labelled(series, namespace),
        values,
      })),
      alert_rule_test: one.alert_rule_test
        .filter(({alertname}) => alerts(alertname))
        .map((alert) => ({
          ...alert,
          exp_alerts:
            namespace === 'identity'
              ? alert.exp_alerts.map((each) => ({...each, exp_labels: {...each.exp_labels, ...own}}))
              : [],
        })),
    })),
  };
}

function promtoolSays(tests: RuleTests): {status: number | null; said: string} {
  writeFileSync(join(folder, 'tests.yaml'), stringify(tests));
  const {status, stdout, stderr} = spawnSync(promtool, ['test', 'rules', join(folder, 'tests.yaml')], {
    encoding: 'utf8',
  });
  return {status, said: status === 0 ? '' : `${stdout}${stderr}`};
}

describe('the alerts of a release', () => {
  test('fire for its own pods as the project’s do, and say whose they are', () => {
    expect(promtoolSays(testsIn('identity', () => true))).toEqual({status: 0, said: ''});
  });

  test('are not moved by a release of the same name in another namespace', () => {
    expect(promtoolSays(testsIn('staging', (name) => name !== 'AvroScimAbsent'))).toEqual({
      status: 0,
      said: '',
    });
  });

  test('miss it although another of its name is there', () => {
    const [absent] = testsIn('identity', (name) => name === 'AvroScimAbsent').tests.filter((one) =>
      one.alert_rule_test.some(({exp_alerts: alerts}) => alerts.length > 0),
    );
    const another = {series: 'up{job="avro-scim",namespace="staging",instance="a"}', values: '1x20'};
    const series = [...(absent?.input_series ?? []), another];
    const tests = absent && [{...absent, input_series: series}];
    expect(tests).toHaveLength(1);
    expect(promtoolSays({...expected, rule_files: ['rules.yaml'], tests: tests ?? []})).toEqual({
      status: 0,
      said: '',
    });
  });

  test('ask for what they can know where something else scrapes the pods', () => {
    const tests = {...expected, rule_files: ['rules-without.yaml']};
    expect(promtoolSays(tests)).toEqual({status: 0, said: ''});
  });
});
