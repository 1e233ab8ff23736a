import {existsSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {connectors} from '../../connectors/index.ts';
import {ownNames, type LoadedConfig} from '../config/load.ts';
import {loadOwnConnector, loadOwnConnectors, type OwnConnector} from '../config/own-connectors.ts';
import type {TargetConfig} from '../config/schema.ts';
import type {Connector} from '../core/connector.ts';
import type {CommandContext} from './command.ts';

/** The manifests of the connectors that come with the program. */
export const manifests = connectors.map(({manifest}) => manifest);
const taken = manifests.map(({id}) => id);

/** The connector of a target of a loaded config; the program's own names win. */
export function connectorOf(target: TargetConfig, {own}: Pick<LoadedConfig, 'own'>): Connector {
  const builtIn = connectors.find(({manifest}) => manifest.id === target.connector);
  if (builtIn !== undefined) return builtIn;
  const found = own.get(target.connector);
  if (!found?.ok) throw new Error(`target ${target.name} has no connector: its config was checked`);
  return found.connector;
}

type ConfigFile = Pick<CommandContext, 'configPath' | 'env'>;

/** The connectors from outside the program that the config names, by what it says; none without a config file. */
export async function ownOf({configPath: path, env}: ConfigFile): Promise<LoadedConfig['own']> {
  const names = existsSync(path) ? ownNames({path, env, manifests}) : [];
  return loadOwnConnectors(names, {folder: dirname(resolve(path)), taken});
}

/** The connector at a path that starts in `folder`, or of a package that is installed there. */
export const connectorAt = (name: string, folder: string): Promise<OwnConnector> =>
  loadOwnConnector(name, {folder, taken});
