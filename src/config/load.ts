import {readFileSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import avro, {type Schema} from 'avsc';
import {z} from 'zod';
import type {Manifest} from '../core/connector.ts';
import {compileScope} from '../core/scope.ts';
import {contradictions} from './contradictions.ts';
import {isObject, readTemplates, writtenSecrets} from './data.ts';
import {problemAt, readDocument, type ConfigDocument} from './document.ts';
import {issueProblems} from './issues.ts';
import {attributeProblems, groupProblems, readEventMaps} from './mappings.ts';
import type {OwnConnector} from './own-connectors.ts';
import type {Problem} from './problem.ts';
import {configSchema, type Config, type FileConfig, type TargetConfig} from './schema.ts';
import type {Values} from './template.ts';
import {targetName} from './schema/target.ts';
import {shapeOf} from './shape.ts';

/** A config that is right, the values in it that are secret, and the files that secrets came from (absolute). */
export interface LoadedConfig {
  ok: true;
  config: Config;
  /** The connectors from outside the program, by what `connector` says. */
  own: ReadonlyMap<string, OwnConnector>;
  secrets: string[];
  files: string[];
}

/** Every mistake in the file, in the order of the lines; `files` as far as they were named. */
export interface RefusedConfig {
  ok: false;
  problems: Problem[];
  files: string[];
}

export interface LoadOptions {
  path: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The connectors that come with the program. */
  manifests: readonly Manifest[];
  /** Those of `ownNames`, loaded; absent: there are none. */
  own?: ReadonlyMap<string, OwnConnector>;
  /** Text of a file, from this machine unless given; throws when it can not be read. */
  readFile?: (path: string) => string;
}

const readText = (path: string): string => readFileSync(path, 'utf8');

/** Reads, fills in and checks the config file. Nothing is thrown for what a person can have got wrong. */
export const loadConfig = (options: LoadOptions): LoadedConfig | RefusedConfig => {
  const values = valuesOf(options);
  const document = openDocument(options.path, values);
  const {files} = document;
  if (document.broken) return {ok: false, problems: document.problems, files};
  const {config, problems} = check(document, {...options, ...values});
  if (config === undefined || problems.length > 0) return {ok: false, problems: tidy(problems), files};
  const secrets = [...document.secrets, ...writtenSecrets(document.data)];
  return {ok: true, config, own: options.own ?? new Map(), secrets, files};
};

/** What the file's targets say at `connector` that is none of the program's own: to be loaded before the config is. */
export const ownNames = (options: LoadOptions): string[] => {
  const {data} = openDocument(options.path, valuesOf(options));
  const names = targetsOf(data).map(([, target]) => isObject(target) && target['connector']);
  const builtIn = options.manifests.map(({id}) => id);
  return [...new Set(names)].filter(
    (name) => typeof name === 'string' && !builtIn.includes(name),
  ) as string[];
};

const valuesOf = ({path, env, readFile = readText}: LoadOptions): Values => {
  const folder = dirname(resolve(path));
  return {env, readFile, resolvePath: (inner) => resolve(folder, inner)};
};

const openDocument = (path: string, values: Values): ConfigDocument => {
  let text: string;
  try {
    text = values.readFile(path);
  } catch (error) {
    const message = `the file can not be read (${error instanceof Error ? error.message : String(error)})`;
    return {...readDocument('', values), broken: true, problems: [{line: 1, column: 1, path: '', message}]};
  }
  return readDocument(text, values);
};

const check = (
  document: ConfigDocument,
  options: LoadOptions & Values,
): {config?: Config; problems: Problem[]} => {
  const {readFile, resolvePath} = options;
  const file = parseAt(configSchema, document.data, document, []);
  const problems = [
    ...document.problems,
    ...file.problems,
    ...protectedProblems(document.data, [], document),
  ];
  for (const [name, target] of targetsOf(document.data)) {
    const at = ['targets', name];
    const named = targetName.safeParse(name);
    if (!named.success)
      problems.push(problemAt(document, at, z.flattenError(named.error).formErrors.join(), 'key'));
    const parsed = parseConnectorConfig(target, at, document, options);
    problems.push(...parsed.problems, ...scopeProblems(target, at, document));
    problems.push(...attributeProblems(document, [name, target], manifestOf(target, options), readFile));
    problems.push(...groupProblems(document, [name, target]));
    problems.push(...protectedProblems(target, at, document));
    const known = file.value?.targets[name];
    const manifest = manifestOf(target, options);
    if (known === undefined || manifest === undefined || !parsed.ok) continue;
    known.config = parsed.value;
    problems.push(...contradictions(document, [name, target], known, manifest));
  }
  if (file.value === undefined) return {problems};
  const maps = readEventMaps(document, file.value.events, readFile, resolvePath);
  problems.push(...schemaProblems(file.value.event.schema, document, readFile), ...maps.problems);
  const filesOf = (name: string): string[] => document.filesBelow(['targets', name, 'config']);
  return {config: merge({...file.value, events: maps.events}, filesOf), problems};
};

/** A schema's verdict on what stands at `root`. */
const parseAt = <Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
  document: ConfigDocument,
  root: PropertyKey[],
): {value?: z.output<Schema>; problems: Problem[]} => {
  const shape = shapeOf(schema);
  const parsed = schema.safeParse(readTemplates(data, shape, document, root), {reportInput: true});
  if (parsed.success) return {value: parsed.data, problems: []};
  return {problems: issueProblems(parsed.error.issues, document, shape, root)};
};

/** The program's own names win. */
const manifestOf = (target: unknown, {manifests, own}: LoadOptions): Manifest | undefined => {
  const name = isObject(target) ? target['connector'] : undefined;
  const found = typeof name === 'string' ? own?.get(name) : undefined;
  return manifests.find(({id}) => id === name) ?? (found?.ok ? found.connector.manifest : undefined);
};

const parseConnectorConfig = (
  target: unknown,
  at: string[],
  document: ConfigDocument,
  options: LoadOptions,
): {ok: boolean; value?: unknown; problems: Problem[]} => {
  if (!isObject(target) || typeof target['connector'] !== 'string') return {ok: false, problems: []};
  const name = target['connector'];
  const manifest = manifestOf(target, options);
  if (manifest === undefined) {
    const found = options.own?.get(name);
    const known = options.manifests.map(({id}) => id).join(' or ');
    const message =
      found?.ok === false ? found.message : `expected the name of a connector (${known}), found "${name}"`;
    return {ok: false, problems: [problemAt(document, [...at, 'connector'], message)]};
  }
  const root = [...at, 'config'];
  try {
    const {value, problems} = parseAt(manifest.configSchema, target['config'] ?? {}, document, root);
    return {ok: problems.length === 0, value, problems};
  } catch (error) {
    // The code of somebody else's connector runs in its schema.
    const message = `its connector could not check this: ${error instanceof Error ? error.message : String(error)}`;
    return {ok: false, problems: [problemAt(document, root, message, 'key')]};
  }
};

/** A reader schema of one's own must be there, and be an Avro schema. */
const schemaProblems = (
  path: string | undefined,
  document: ConfigDocument,
  readFile: Values['readFile'],
): Problem[] => {
  if (path === undefined) return [];
  try {
    avro.Type.forSchema(JSON.parse(readFile(path)) as Schema);
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `expected the file of an Avro schema, found ${path}: ${reason}`;
    return [problemAt(document, ['event', 'schema'], message)];
  }
};

/** A scope must be a SCIM filter (RFC 7644 section 3.4.2.2) over attributes that there are. */
const scopeProblems = (target: unknown, at: string[], document: ConfigDocument): Problem[] => {
  const scope = isObject(target) ? target['scope'] : undefined;
  if (!isObject(scope)) return [];
  return ['users', 'groups'].flatMap((kind) => filterProblems(scope[kind], [...at, 'scope', kind], document));
};

const protectedProblems = (data: unknown, at: string[], document: ConfigDocument): Problem[] => {
  const rules = isObject(data) ? data['protected'] : undefined;
  return isObject(rules) ? filterProblems(rules['filter'], [...at, 'protected', 'filter'], document) : [];
};

const filterProblems = (filter: unknown, at: string[], document: ConfigDocument): Problem[] => {
  const compiled = typeof filter === 'string' && filter !== '' ? compileScope(filter) : undefined;
  return compiled === undefined || compiled.ok ? [] : [problemAt(document, at, compiled.failure.message)];
};

const merge = (file: FileConfig & Pick<Config, 'events'>, filesOf: (target: string) => string[]): Config => {
  const targets = Object.entries(file.targets).map(([name, target]): [string, TargetConfig] => [
    name,
    {
      ...target,
      name,
      secretFiles: filesOf(name),
      window: {...file.window, ...given(target.window)},
      retry: {...file.retry, ...given(target.retry)},
      gate: {...file.gate, ...given(target.gate)},
      request: {...file.request, ...given(target.request)},
      protected: protectionOf([file.protected, target.protected]),
    },
  ]);
  return {...file, targets: Object.fromEntries(targets)};
};

/** What is protected everywhere is protected at a target beside its own. */
const protectionOf = (all: readonly FileConfig['protected'][]): TargetConfig['protected'] => ({
  names: [...new Set(all.flatMap(({names}) => names))],
  filters: all.flatMap(({filter}) => (filter === undefined ? [] : [filter])),
  groups: [...new Set(all.flatMap(({groups}) => groups))],
});

/** What an override really says: an absent setting takes nothing away. */
const given = <T extends object>(override: T): {[Key in keyof T]?: Exclude<T[Key], undefined>} =>
  Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };

const targetsOf = (data: unknown): [string, unknown][] =>
  isObject(data) && isObject(data['targets']) ? Object.entries(data['targets']) : [];

/** In the order of the lines, and once: a value that is missing is not also of the wrong type. */
const tidy = (problems: Problem[]): Problem[] => {
  const seen = new Set<string>();
  return problems
    .filter(({path, line, message}) => {
      const id = path === '' ? `${line} ${message}` : path;
      return seen.size < seen.add(id).size;
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
};
