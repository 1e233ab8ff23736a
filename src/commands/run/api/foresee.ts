import type {LoadedConfig} from '../../../config/load.ts';
import type {Foresee} from '../../../stages/dead-letters/retries.ts';
import {openForesee} from '../../stored/foresee.ts';

/** What a letter would do now at one target. */
export type ForeseeAt = (target: string) => Foresee;

/** Made once, until a secret has changed: it keeps the schemas that it has read. */
export function keptForesee(loaded: () => LoadedConfig): ForeseeAt {
  let opened: {by: LoadedConfig; foresee: ForeseeAt} | undefined;
  return (target) => {
    const now = loaded();
    if (opened?.by !== now) opened = {by: now, foresee: openForesee(now)};
    return opened.foresee(target);
  };
}
