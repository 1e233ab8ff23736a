import type {LoadedConfig} from '../../config/load.ts';
import {policyOf} from '../../core/policy.ts';
import type {Foresee} from '../../stages/dead-letters/retries.ts';
import {foreseeBy} from '../../target/foresee.ts';
import {connectorOf} from '../connector-of.ts';
import {openDecoder} from '../decoder.ts';

/** For each target what a letter would do there, by the schemas and the config as they are now. */
export function openForesee(loaded: LoadedConfig): (target: string) => Foresee {
  const decoder = openDecoder(() => loaded);
  return (name) => {
    const target = loaded.config.targets[name];
    if (!target) throw new Error(`there is no target ${name}: the names were checked`);
    return foreseeBy((record) => decoder.decode(record), policyOf(connectorOf(target, loaded), target));
  };
}
