import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {describe, expect, test} from '@jest/globals';
import {images} from './services/containers.ts';

const root = join(import.meta.dirname, '..');

/** Files that git has or would take: what is generated and ignored is not looked at. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const code = files.filter((file) => /\.(ts|mjs)$/.test(file));
const product = code.filter(
  (file) => /^(src|connectors)\//.test(file) && !/\.test\.ts$|\/testing\//.test(file),
);

describe('the files', () => {
  test('there are some', () => {
    expect(product.length).toBeGreaterThan(5);
  });

  test('code files have at most 250 lines', () => {
    const long = code.filter((file) => textOf(file).trimEnd().split('\n').length > 250);
    expect(long).toEqual([]);
  });

  test('nothing is named for being left over', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?)(\.ts|\/)/.test(file))).toEqual([]);
  });

  test('no lint rule is switched off in place, and no type error is hidden', () => {
    const marks = new RegExp(['eslint-' + 'disable', '@ts-' + 'ignore', '@ts-' + 'nocheck'].join('|'));
    expect(code.filter((file) => marks.test(textOf(file)))).toEqual([]);
  });

  test('no test is left out or run alone', () => {
    const tests = code.filter((file) => file.endsWith('.test.ts'));
    const marks = new RegExp('\\b(describe|test|it)\\.' + '(only|skip|todo)\\b');
    expect(tests.filter((file) => marks.test(textOf(file)))).toEqual([]);
  });

  test('no private key and no absolute path of a machine is in them', () => {
    const marks = new RegExp(
      [
        'BEGIN (RSA |EC )?PRIVATE ' + 'KEY',
        '/ho' + 'me/\\w',
        '/Us' + 'ers/[a-z]+/',
        '/ro' + 'ot/',
        '/wo' + 'rk/',
      ].join('|'),
    );
    const read = files.filter((file) => basename(file) !== 'package-lock.json');
    expect(read.filter((file) => marks.test(textOf(file)))).toEqual([]);
  });
});

describe('the exports', () => {
  /** An export, and the line before it, which ends a doc comment or is the export of a group that has one. */
  const undocumented = (file: string): string[] => {
    const lines = textOf(file).split('\n');
    return lines.flatMap((line, index) => {
      const name = /^export (?:async )?(?:function|class) (\w+)/.exec(line)?.[1];
      return name !== undefined && !/\*\/\s*$/.test(lines[index - 1] ?? '') ? [`${file}: ${name}`] : [];
    });
  };

  test('each function has a doc line', () => {
    expect(product.flatMap(undocumented)).toEqual([]);
  });
});

describe('the packages', () => {
  interface Lock {
    packages: Record<
      string,
      {version?: string; resolved?: string; optionalDependencies?: Record<string, string>}
    >;
  }
  const {packages} = JSON.parse(textOf('package-lock.json')) as Lock;

  test('the lock file names no registry', () => {
    expect(Object.values(packages).flatMap(({resolved}) => resolved ?? [])).toEqual([]);
  });

  test('the lock file has the packages of every platform, without which npm ci refuses it', () => {
    const missing = Object.entries(packages).flatMap(([path, {optionalDependencies}]) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  test('every version is exact', () => {
    const {dependencies, devDependencies} = JSON.parse(textOf('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const versions = Object.entries({...dependencies, ...devDependencies});
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('compose.yaml runs the images that the tests start', () => {
    const named = [...textOf('compose.yaml').matchAll(/image: (\S+)/g)].map(([, image]) => image);
    expect(named).toEqual(expect.arrayContaining(Object.values(images)));
  });
});
