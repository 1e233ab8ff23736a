import {connectors} from '../../connectors/index.ts';
import type {LoadedConfig} from '../config/load.ts';
import type {TargetConfig} from '../config/schema.ts';
import type {Connector} from '../core/connector.ts';

/** The connector of a target of a loaded config; the program's own names win. */
export function connectorOf(target: TargetConfig, {own}: Pick<LoadedConfig, 'own'>): Connector {
  const builtIn = connectors.find(({manifest}) => manifest.id === target.connector);
  if (builtIn !== undefined) return builtIn;
  const found = own.get(target.connector);
  if (!found?.ok) throw new Error(`target ${target.name} has no connector: its config was checked`);
  return found.connector;
}
