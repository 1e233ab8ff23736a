import {pathToFileURL} from 'node:url';
import type {Connector} from '../core/connector.ts';
import {answerOwnNames} from './own-connectors/own-names.ts';
import {findFile} from './own-connectors/place.ts';
import {shapeProblems} from './own-connectors/shape.ts';

/** A connector from outside the program and the file it came from (absolute); or, in words, why it can not be used. */
export type OwnConnector = {ok: true; connector: Connector; file: string} | {ok: false; message: string};

export interface OwnConnectorOptions {
  /** Where relative paths begin and packages are looked for first: the config file's folder. */
  folder: string;
  /** The names of the connectors that come with the program. */
  taken: readonly string[];
}

/**
 * Loads the connectors that the config names by a path or a package, by that name. It runs their code. Node itself
 * strips the types of a `.ts` (nodejs.org/api/typescript.html).
 */
export const loadOwnConnectors = async (
  names: readonly string[],
  options: OwnConnectorOptions,
): Promise<ReadonlyMap<string, OwnConnector>> => {
  const own = new Map<string, OwnConnector>();
  for (const name of names) own.set(name, await loadOwnConnector(name, options));
  return own;
};

/** Loads one of them. */
export const loadOwnConnector = async (name: string, options: OwnConnectorOptions): Promise<OwnConnector> => {
  const found = findFile(name, options);
  if (!found.ok) return found;
  const {file} = found;
  answerOwnNames();
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    return {ok: false, message: `${file} can not be loaded: ${reason(error)}`};
  }
  const exported = exportOf(module);
  if (exported === undefined)
    return {
      ok: false,
      message: `${file}: expected an export named connector, or a default one; found ${exportsText(module)}`,
    };
  const problems = shapeProblems(exported, options.taken);
  if (problems.length > 0) return {ok: false, message: `${file}: ${problems.join('; ')}`};
  return {ok: true, connector: exported as Connector, file};
};

/** A module of CommonJS has what it exports in its default. */
const exportOf = (module: Record<string, unknown>): unknown => {
  const {connector, default: whole} = module;
  if (connector !== undefined) return connector;
  const inner = typeof whole === 'object' && whole !== null && 'connector' in whole ? whole.connector : whole;
  return inner ?? undefined;
};

const exportsText = (module: object): string => Object.keys(module).join(', ') || 'none';

const hints: Record<string, string> = {
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX: 'Node strips types alone: no enum, namespace or parameter property',
  ERR_INVALID_TYPESCRIPT_SYNTAX: 'Node strips types alone: no enum, namespace or parameter property',
  ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING: 'a package must bring JavaScript',
};

/** What an import threw, in one line, and what Node does not say. */
const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const isType = error.message.includes('does not provide an export named');
  // Where it is Node tells on the terminal alone.
  const isSyntax = error.name === 'SyntaxError' && !isType;
  const hint =
    hints[code] ??
    (isType ? 'a type is imported by `import type`' : isSyntax ? 'node --check shows where' : undefined);
  const [line = ''] = error.message.split('\n');
  return `${line || error.name}${hint === undefined ? '' : ` (${hint})`}`;
};
