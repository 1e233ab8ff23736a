import {connectors} from '../../../connectors/index.ts';
import type {TargetConfig} from '../../config/schema.ts';

/** Where neither the config nor the connector says what a target bears. */
const usual = {requests: 10, perSeconds: 1};

/** Milliseconds between two changes that are put back to work, so that they come no faster than the target's rate. */
export function paceOf(target: TargetConfig | undefined): number {
  const connector = connectors.find(({manifest}) => manifest.id === target?.connector);
  const {requests, perSeconds} = target?.rate ?? connector?.manifest.defaultRate?.(target?.config) ?? usual;
  return (perSeconds * 1000) / requests;
}
