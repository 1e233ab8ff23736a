import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, test} from '@jest/globals';
import {connectors} from '../connectors/index.ts';
import {commands} from '../src/commands/index.ts';
import {loadConfig} from '../src/config/load.ts';
import {metrics, seriesOf} from './metric-table.ts';

const root = join(import.meta.dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const linesOf = (args: string[]): string[] =>
  execFileSync('git', args, {cwd: root, encoding: 'utf8'}).split('\n');

const documents = linesOf(['ls-files', '--cached', '--others', '--exclude-standard', '*.md']).filter(
  (file) => file !== '' && existsSync(join(root, file)),
);
const project = JSON.parse(textOf('package.json')) as Record<
  'scripts' | 'dependencies' | 'devDependencies',
  Record<string, string>
> & {version: string};

/** All that a pattern's first group finds in the documents, each with where it stands. */
const findAll = (pattern: RegExp): {file: string; found: string}[] =>
  documents.flatMap((file) =>
    [...textOf(file).matchAll(pattern)].map(([, found = '']) => ({file, found: found.trim()})),
  );

/** As GitHub names the anchor of a heading. */
const anchorsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the documents', () => {
  test('link to what is there', () => {
    const links = findAll(/\]\(([^)\s]+)\)/g).filter(({found}) => !/^[a-z]+:/.test(found));
    expect(links.length).toBeGreaterThan(40);
    const broken = links.filter(({file, found}) => {
      const [path = '', anchor] = found.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('name only scripts that there are', () => {
    const named = findAll(/npm run (?:--silent )?([a-z:]+)/g);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({found}) => !(found in project.scripts))).toEqual([]);
  });

  test('name only commands that there are', () => {
    const known = commands.map(({name}) => name);
    // In a block of code a command begins its line; elsewhere it stands between backticks.
    const inBlocks = findAll(/^```sh\n([^`]+)^```/gm).flatMap(({file, found}) =>
      [...found.matchAll(/^avro-scim (.+)$/gm)].map(([, rest = '']) => ({file, rest})),
    );
    const inText = findAll(/`avro-scim ([^`]+)`/g).map(({file, found}) => ({file, rest: found}));
    const named = [...inBlocks, ...inText].filter(({rest}) => /^[a-z]/.test(rest));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({rest}) => !known.some((name) => `${rest} `.startsWith(`${name} `)))).toEqual([]);
  });

  test('name only metrics that there are', () => {
    const known = new Set(metrics.flatMap(seriesOf));
    const named = findAll(/`avroscim_([a-z_]+)/g);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({found}) => !known.has(`avroscim_${found}`))).toEqual([]);
  });

  test('CHANGELOG.md has the version of package.json', () => {
    expect(textOf('CHANGELOG.md')).toContain(`## [${project.version}]`);
  });
});

test("README's config is right, with the second target below the first", () => {
  const blocks = [...textOf('README.md').matchAll(/^```yaml\n([^`]+)^```/gm)].map(([, text = '']) => text);
  const [config = '', second = ''] = blocks;
  const text = `${config}${second.replaceAll(/^/gm, '  ')}\n`;
  const loaded = loadConfig({
    path: '/avro-scim.yaml',
    env: {SUPPORT_TOKEN: 'of support'},
    manifests: connectors.map(({manifest}) => manifest),
    readFile: (path) => (path === '/avro-scim.yaml' ? text : 'of the wiki'),
  });
  expect(loaded).toMatchObject({ok: true, config: {targets: {wiki: {}, support: {onLeave: 'delete'}}}});
});

/** The rows of a Markdown table, cell by cell. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/architecture.md', () => {
  const places = rowsOf(textOf('docs/architecture.md')).flatMap((cells) => {
    const [, name, path] = /^\[`(\w+)`\]\(\.\.\/(.+)\)$/.exec(cells.at(-2) ?? '') ?? [];
    return name === undefined || path === undefined ? [] : [{word: cells[1], name, path}];
  });

  test.each([
    ...[
      'event',
      'subject',
      'target',
      'connector',
      'change',
      'position',
      'outcome',
      'failure',
      'window',
      'lane',
    ],
    ...['gate', 'dead letter', 'state', 'cut-off'],
  ])('tells where "%s" is', (word) => {
    expect(places.filter((place) => place.word === word)).toHaveLength(1);
  });

  test('and there it is', () => {
    const wrong = places.filter(
      ({name, path}) => !new RegExp(`^export .*\\b${name}\\b`, 'm').test(textOf(path)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  const [, atRunTime = '', inDevelopment = ''] = textOf('docs/dependencies.md').split(
    /^## (?:At run time|In development)$/m,
  );
  const namedIn = (section: string): (string | undefined)[] =>
    rowsOf(section).flatMap((cells) => /^`(.+)`$/.exec(cells[1] ?? '')?.[1] ?? []);

  test('says why each package that runs is there, and no other', () => {
    expect(namedIn(atRunTime).sort()).toEqual(Object.keys(project.dependencies).sort());
  });

  test('says why each package for development is there, and no other', () => {
    expect(namedIn(inDevelopment).sort()).toEqual(Object.keys(project.devDependencies).sort());
  });
});
