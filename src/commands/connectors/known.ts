import {connectors} from '../../../connectors/index.ts';
import type {Connector} from '../../core/connector.ts';
import type {CommandContext} from '../command.ts';
import {connectorAt, ownOf} from '../connector-of.ts';

/** A connector, and where it comes from: `built in`, or its file. */
export interface Known {
  connector: Connector;
  from: string;
}

/** The connectors that there are: the program's, and what the config names; `troubles` say what it names in vain. */
export async function known(context: CommandContext): Promise<{found: Known[]; troubles: string[]}> {
  const own = [...(await ownOf(context))];
  return {
    found: [
      ...connectors.map((connector) => ({connector, from: 'built in'})),
      ...own.flatMap(([, one]) => (one.ok ? [{connector: one.connector, from: one.file}] : [])),
    ],
    troubles: own.flatMap(([name, one]) => (one.ok ? [] : [`${name}: ${one.message}`])),
  };
}

/** By its id, or by a path or package as a person in this folder would say it. */
export async function knownAs(name: string, context: CommandContext): Promise<Known | string> {
  const {found} = await known(context);
  const named = found.find(({connector}) => connector.manifest.id === name);
  if (named !== undefined) return named;
  const own = await connectorAt(name, process.cwd());
  return own.ok ? {connector: own.connector, from: own.file} : own.message;
}
