import {beforeAll, describe, expect, test} from '@jest/globals';
import {parse} from 'yaml';
import {renderChart, validateManifests, type ChartValues, type Rendered} from '../../scripts/chart/helm.ts';
import {commands} from '../../src/commands/index.ts';
import {shownCommands, shownFiles, valuesOf, type ShownCommand} from './page.ts';
import {at, otherKinds, over} from './values.ts';
import {part, readManifests, type Manifest} from './rig.ts';

const helmCommands = shownCommands.filter(({words}) => words[0] === 'helm');
const renderings = helmCommands.filter(({words}) => ['install', 'upgrade'].includes(words[1] ?? ''));
const kubectlCommands = shownCommands.filter(({words}) => words[0] === 'kubectl');

/** The values that a command gives, file over file, as Helm merges them. */
function valuesGiven(command: ShownCommand): ChartValues {
  const files = valuesOf(command, '--values').map((name) => parse(shownFiles.get(name) ?? '') as ChartValues);
  const sets = valuesOf(command, '--set').map((set) => {
    const [path = '', value = ''] = set.split('=');
    return at(path, ['true', 'false'].includes(value) ? value === 'true' : value);
  });
  return [...files, ...sets].reduce(over, {});
}

const rendered = new Map<string, {answer: Rendered; wrong: string[]}>();
let allManifests: Manifest[] = [];

beforeAll(async () => {
  const answers = await renderChart(
    renderings.map((command) => ({
      values: valuesGiven(command),
      name: command.words[2] ?? '',
      namespace: valuesOf(command, '--namespace')[0] ?? '',
      apiVersions: otherKinds,
    })),
  );
  const wrong = await validateManifests(answers.map(yamlOf));
  for (const [index, answer] of answers.entries())
    rendered.set(renderings[index]?.line ?? '', {answer, wrong: wrong[index] ?? ['not looked at']});
  allManifests = answers.flatMap((answer) => readManifests(yamlOf(answer)));
}, 300_000);

const yamlOf = ({manifests = {}}: Rendered): string =>
  Object.entries(manifests)
    .filter(([path]) => path.endsWith('.yaml'))
    .map(([, text]) => text)
    .join('\n---\n');

describe('the commands of docs/deploy.md', () => {
  test('are of helm, kubectl and curl; there are many', () => {
    expect(new Set(shownCommands.map(({words}) => words[0]))).toEqual(new Set(['helm', 'kubectl', 'curl']));
    expect([renderings.length > 8, kubectlCommands.length > 8]).toEqual([true, true]);
  });

  test('name files that the page shows', () => {
    const named = shownCommands.flatMap((command) =>
      [...valuesOf(command, '--values'), command.reads ?? []].flat(),
    );
    expect(named.filter((name) => !shownFiles.has(name))).toEqual([]);
    const unused = [...shownFiles.keys()].filter((name) => !named.includes(name));
    expect(unused).toEqual(['trust-policy.json']);
  });

  test.each(renderings.map(({line}) => line))('%s: renders, and Kubernetes takes it', (line) => {
    const {answer, wrong} = rendered.get(line) ?? {};
    expect([answer?.refused, Object.keys(answer?.manifests ?? {}).length > 2, wrong]).toEqual([
      undefined,
      true,
      [],
    ]);
  });

  test('of helm are about releases that were installed, with flags that helm has', () => {
    const known = ['install', 'upgrade', 'test', 'history', 'rollback', 'uninstall'];
    const installed = renderings.filter(({words}) => words[1] === 'install').map(({words}) => words[2]);
    for (const {line, words, flags} of helmCommands) {
      expect([line, known.includes(words[1] ?? ''), installed.includes(words[2] ?? '')]).toEqual([
        line,
        true,
        true,
      ]);
      const strange = flags.filter(
        ([name]) => !['--namespace', '--values', '--set', '--wait', '--logs'].includes(name),
      );
      expect([line, strange]).toEqual([line, []]);
      if (['install', 'upgrade'].includes(words[1] ?? '')) expect(words.slice(3)).toEqual(['helm/avro-scim']);
    }
  });

  test('of kubectl are about what a release makes, in its namespace', () => {
    const made = new Set([
      ...allManifests.map(({kind, metadata}) => `${kind.toLowerCase()}/${metadata.name}`),
      // The pod that exists is another's.
      'statefulset/kafka',
    ]);
    const about = kubectlCommands
      .filter(({words}) => words[1] !== 'create')
      .map((command) => {
        const [, , first = '', second = ''] =
          command.words[1] === 'rollout' ? command.words.slice(1) : command.words;
        return {command, name: first.includes('/') ? first : `${first}/${second}`};
      });
    const labels = allManifests.flatMap(({spec}) =>
      Object.entries(part(spec, 'template', 'metadata', 'labels') ?? {}).map((one) => one.join('=')),
    );
    for (const {command, name} of about) {
      const [selector] = valuesOf(command, '--selector');
      const isThere = selector === undefined ? made.has(name) : labels.includes(selector);
      expect([command.line, isThere]).toEqual([command.line, true]);
      expect(valuesOf(command, '--namespace')).toEqual(['identity']);
    }
    const secrets = kubectlCommands.filter(({words}) => words[2] === 'secret').map(({words}) => words[4]);
    const mounted = allManifests.flatMap(({spec}) => {
      const volumes = (part(spec, 'template', 'spec', 'volumes') ?? []) as {secret?: {secretName: string}}[];
      return volumes.flatMap(({secret}) => secret?.secretName ?? []);
    });
    expect(secrets.filter((name) => !mounted.includes(name ?? ''))).toEqual([]);
  });

  test('of avro-scim are commands with their options', () => {
    const inner = shownCommands.filter((command) => command.inner.length > 0);
    expect(inner.length).toBeGreaterThan(3);
    for (const {line, inner: words} of inner) {
      expect(words.slice(0, 2)).toEqual(['node', '/app/dist/src/main.js']);
      const rest = words.slice(2).join(' ');
      const known = commands
        .filter(({name}) => `${rest} `.startsWith(`${name} `))
        .sort((a, b) => b.name.length - a.name.length)[0];
      const flags = (known?.options ?? []).map((option) => option.flags.split(' ')[0]);
      const strange = words.filter((word) => word.startsWith('--') && !flags.includes(word));
      expect([line, known === undefined, strange]).toEqual([line, false, []]);
    }
  });
});

describe('what docs/deploy.md says of the chart', () => {
  test('the check’s account, the job’s log and the trust policy go by the names that are made', () => {
    const accounts = allManifests
      .filter(({kind}) => kind === 'ServiceAccount')
      .map(({metadata}) => `system:serviceaccount:identity:${metadata.name}`);
    const policy = JSON.parse(shownFiles.get('trust-policy.json') ?? '') as unknown;
    const conditions = part(policy, 'Statement', 0, 'Condition', 'StringEquals') as Record<string, unknown>;
    const subjects = Object.entries(conditions).find(([key]) => key.endsWith(':sub'))?.[1];
    expect(subjects).toEqual([
      'system:serviceaccount:identity:avro-scim',
      'system:serviceaccount:identity:avro-scim-check',
    ]);
    expect(accounts).toEqual(expect.arrayContaining(subjects as string[]));
    expect(
      allManifests.some(({kind, metadata}) => kind === 'Job' && metadata.name === 'avro-scim-check'),
    ).toBe(true);
  });
});
