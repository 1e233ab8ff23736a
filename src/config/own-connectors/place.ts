import {existsSync, readFileSync, statSync} from 'node:fs';
import {findPackageJSON} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {isObject} from '../data.ts';

type Found = {ok: true; file: string} | {ok: false; message: string};

const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** The file that `connector` names: a path to a file or a folder, or an installed package. */
export const findFile = (
  name: string,
  {folder, taken}: {folder: string; taken: readonly string[]},
): Found => {
  if (/^\.{0,2}\//.test(name) || name === '.' || name === '..') return fileAt(resolve(folder, name));
  const known = taken.join(' or ');
  const expected = `expected the name of a connector (${known}), a path that begins with ./ or /, or an installed package`;
  if (!packageName.test(name)) return {ok: false, message: `${expected}, found "${name}"`};
  // A config folder without node_modules is the usual one in a container.
  const at = packageFolder(name, join(folder, 'config')) ?? packageFolder(name, import.meta.filename);
  return at === undefined ? {ok: false, message: `${expected}, found "${name}"`} : fileIn(at);
};

const packageFolder = (name: string, from: string): string | undefined => {
  try {
    const found = findPackageJSON(name, pathToFileURL(from));
    return found === undefined ? undefined : dirname(found);
  } catch {
    return undefined;
  }
};

const fileAt = (path: string): Found => {
  const stat = statSync(path, {throwIfNoEntry: false});
  if (stat?.isFile()) return {ok: true, file: path};
  if (stat?.isDirectory()) return fileIn(path);
  return {ok: false, message: `expected a file or a folder, found nothing at ${path}`};
};

const usual = ['index.ts', 'index.js', 'index.mjs'];

/** The file that a folder stands for: what its package.json says, or else its index. */
const fileIn = (folder: string): Found => {
  const manifest = join(folder, 'package.json');
  const said = existsSync(manifest) ? entryOf(readFileSync(manifest, 'utf8')) : undefined;
  const candidates = said === undefined ? usual : [said];
  const file = candidates.map((one) => join(folder, one)).find((one) => existsSync(one));
  if (file !== undefined) return {ok: true, file};
  return {ok: false, message: `expected ${candidates.join(' or ')} in ${folder}, found none`};
};

/** `exports` (of `.`, under the conditions of an import) or `main` of a package.json (nodejs.org/api/packages.html). */
const entryOf = (text: string): string | undefined => {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(data)) return undefined;
  return conditional(data['exports']) ?? (typeof data['main'] === 'string' ? data['main'] : undefined);
};

const conditions = ['.', 'node', 'import', 'module-sync', 'default'];

/** The first path that applies: conditions count in the order in which the package names them. */
const conditional = (exports: unknown): string | undefined => {
  if (typeof exports === 'string') return exports;
  if (!isObject(exports)) return undefined;
  return Object.entries(exports)
    .filter(([condition]) => conditions.includes(condition))
    .map(([, inner]) => conditional(inner))
    .find((path) => path !== undefined);
};
