import type {LoadedConfig} from '../../config/load.ts';
import {rateOf} from '../../target/retries.ts';
import {connectorOf} from '../connector-of.ts';

/** Where neither the config nor the connector says what a target bears. */
const usual = {requests: 10, perSeconds: 1};

/** Milliseconds between two changes that are put back to work, so that they come no faster than the target's rate. */
export function paceOf(name: string, loaded: LoadedConfig): number {
  const target = loaded.config.targets[name];
  if (target === undefined) throw new Error(`there is no target ${name}: the names were checked`);
  const {requests, perSeconds} = rateOf(target, connectorOf(target, loaded)) ?? usual;
  return (perSeconds * 1000) / requests;
}
