import {createHash} from 'node:crypto';
import type {Cluster, Redis} from 'ioredis';
import {packArgs, UNPACK_ARGS, type ScriptArg} from './pack.ts';

export type {ScriptArg} from './pack.ts';
export type Scripts<Name extends string> = Record<Name, (args: readonly ScriptArg[]) => Promise<unknown>>;

/**
 * Lua scripts of one target, called by digest; replies come as Buffers. A Redis that has lost its script cache
 * (a restart, a fail-over) is given the source again.
 *
 * Two keys are named, and neither is ever there: while a cluster moves the slot from one node to another, some of its keys are here and
 * some there. With one key the script would be sent on at once, and run where it finds nothing of what is still to come; with two,
 * neither node runs it (TRYAGAIN) until all keys are on one.
 */
export function createScripts<Name extends string>(
  redis: Redis | Cluster,
  key: string,
  sources: Record<Name, string>,
): Scripts<Name> {
  const named = [2, key, `${key}-`] as const;
  const entries = Object.entries<string>(sources).map(([name, body]) => {
    const source = UNPACK_ARGS + body;
    const digest = createHash('sha1').update(source).digest('hex');
    const call = async (args: readonly ScriptArg[]): Promise<unknown> => {
      const packed = packArgs(args);
      try {
        return await redis.callBuffer('EVALSHA', digest, ...named, packed);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return redis.callBuffer('EVAL', source, ...named, packed);
      }
    };
    return [name, call] as const;
  });
  return Object.fromEntries(entries) as Scripts<Name>;
}
