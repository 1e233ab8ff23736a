import type {LoadedConfig} from '../../config/load.ts';
import {connectorOf} from '../connector-of.ts';

/** Where neither the config nor the connector says what a target bears. */
const usual = {requests: 10, perSeconds: 1};

/** Milliseconds between two changes that are put back to work, so that they come no faster than the target's rate. */
export function paceOf(name: string, loaded: LoadedConfig): number {
  const target = loaded.config.targets[name];
  if (target === undefined) throw new Error(`there is no target ${name}: the names were checked`);
  const {manifest} = connectorOf(target, loaded);
  const {requests, perSeconds} = target.rate ?? manifest.defaultRate?.(target.config) ?? usual;
  return (perSeconds * 1000) / requests;
}
