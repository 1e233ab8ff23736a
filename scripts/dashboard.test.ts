import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from '@jest/globals';
import {parse} from 'yaml';
import {dashboardJson, dashboardQueries} from './dashboard.ts';
import {metrics, seriesOf} from './metric-table.ts';

const root = join(import.meta.dirname, '..');
const known = new Map(metrics.flatMap((metric) => seriesOf(metric).map((name) => [name, metric])));

interface Rule {
  alert: string;
  expr: string;
  annotations: Record<string, string>;
}
const {groups} = parse(readFileSync(join(root, 'config/monitoring/alerts.yaml'), 'utf8')) as {
  groups: {rules: Rule[]}[];
};
const rules = groups.flatMap((group) => group.rules);

/** The metrics of an expression that are no metrics, and the labels that stand beside a metric without such a label. */
function mistakes(expression: string): string[] {
  return [...expression.matchAll(/(avroscim_\w+)(?:\{([^}]*)\})?/g)].flatMap(
    ([, name = '', matchers = '']) => {
      const metric = known.get(name);
      if (metric === undefined) return [`there is no ${name}`];
      const allowed = [...metric.labels, ...(name.endsWith('_bucket') ? ['le'] : [])];
      const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label);
      return labels.filter((label) => !allowed.includes(label)).map((label) => `${name} has no ${label}`);
    },
  );
}

test('a mistake is found', () => {
  expect(mistakes('sum(avroscim_gates) / avroscim_gate{state="shut",traget=~".*"}')).toEqual([
    'there is no avroscim_gates',
    'avroscim_gate has no traget',
  ]);
});

describe('the alerts', () => {
  test.each(rules.map(({alert, expr}) => [alert, expr]))('%s asks for what there is', (_alert, expr) => {
    expect(mistakes(expr)).toEqual([]);
  });

  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
  const sections = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  test('each has a section of the runbook, says which, and no section is without', () => {
    expect(sections).toEqual(rules.map(({alert}) => alert));
    for (const {alert, annotations} of rules) {
      expect(annotations['runbook_url']).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
      expect(annotations).toMatchObject({summary: expect.any(String), description: expect.any(String)});
    }
  });

  const tests = readFileSync(join(root, 'test/monitoring/alerts.test.yaml'), 'utf8');
  test.each(rules.map(({alert}) => alert))('%s is tested to fire, and not to fire', (alert) => {
    const table = parse(tests) as {
      tests: {alert_rule_test: {alertname: string; exp_alerts: object[]}[]}[];
    };
    const own = table.tests.flatMap((one) => one.alert_rule_test).filter((one) => one.alertname === alert);
    expect(new Set(own.map((one) => one.exp_alerts.length > 0))).toEqual(new Set([true, false]));
  });
});

describe('the dashboard', () => {
  test.each(dashboardQueries())('asks for what there is: %s', (query) => {
    expect(mistakes(query)).toEqual([]);
  });

  test('shows every metric', () => {
    const shown = dashboardQueries().join('\n');
    const missing = metrics.filter((metric) => !seriesOf(metric).some((name) => shown.includes(name)));
    expect(missing.map(({name}) => name)).toEqual(['retention_left_records']);
  });

  test('has its charts side by side and below each other, none over another', () => {
    const {panels} = JSON.parse(dashboardJson()) as {
      panels: {id: number; gridPos: {x: number; y: number; w: number; h: number}}[];
    };
    const cells = panels.flatMap(({gridPos: {x, y, w, h}}) =>
      Array.from({length: w * h}, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({gridPos: {x, w}}) => x + w <= 24)).toBe(true);
    expect(new Set(panels.map(({id}) => id)).size).toBe(panels.length);
  });
});
