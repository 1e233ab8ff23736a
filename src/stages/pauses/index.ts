import type {Cluster, Redis} from 'ioredis';
import type {Pause, Pauses} from '../../core/pause.ts';
import {targetPrefix} from '../state/index.ts';

/** The pause of one target, for all its replicas. */
export interface PauseStage extends Pauses {
  /** Paused already, the first pause stays: it is what is given back, and not new. */
  pause(by: string, reason?: string): Promise<{pause: Pause; isNew: boolean}>;
  /** Gives back what is over; `undefined` when it was not paused. */
  resume(): Promise<Pause | undefined>;
}

/** A pause in Redis: one key, so that each call is one step. A Redis that is wiped has forgotten it. */
export function createPauses(options: {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  now?: () => number;
}): PauseStage {
  const {redis, now = Date.now} = options;
  const key = `${targetPrefix(options.prefix, options.target)}pause`;
  const read = async (): Promise<Pause | undefined> => parse(await redis.get(key));
  return {
    read,
    async pause(by, reason) {
      const pause: Pause = {by, at: now(), ...(reason === undefined ? {} : {reason})};
      const isNew = (await redis.set(key, JSON.stringify(pause), 'NX')) === 'OK';
      if (isNew) return {pause, isNew};
      // Resumed by another in between, it is paused no more: they were the later ones.
      return {pause: (await read()) ?? pause, isNew};
    },
    resume: async () => parse(await redis.getdel(key)),
  };
}

const parse = (found: string | null): Pause | undefined =>
  found === null ? undefined : (JSON.parse(found) as Pause);
