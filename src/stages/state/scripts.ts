import {createHash} from 'node:crypto';
import type {Cluster, Redis} from 'ioredis';
import {packArgs, UNPACK_ARGS, type ScriptArg} from './pack.ts';

export type {ScriptArg} from './pack.ts';
export type Scripts<Name extends string> = Record<Name, (args: readonly ScriptArg[]) => Promise<unknown>>;

/**
 * Lua scripts of one target, called by digest; replies come as Buffers. A Redis that has lost its script cache
 * (a restart, a fail-over) is given the source again.
 */
export function createScripts<Name extends string>(
  redis: Redis | Cluster,
  key: string,
  sources: Record<Name, string>,
): Scripts<Name> {
  const entries = Object.entries<string>(sources).map(([name, body]) => {
    const source = UNPACK_ARGS + body;
    const digest = createHash('sha1').update(source).digest('hex');
    const call = async (args: readonly ScriptArg[]): Promise<unknown> => {
      const packed = packArgs(args);
      try {
        return await redis.callBuffer('EVALSHA', digest, 1, key, packed);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return redis.callBuffer('EVAL', source, 1, key, packed);
      }
    };
    return [name, call] as const;
  });
  return Object.fromEntries(entries) as Scripts<Name>;
}
