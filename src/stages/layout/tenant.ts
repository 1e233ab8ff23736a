import {targetPrefix} from '../state/index.ts';
import {createScripts} from '../state/scripts.ts';
import type {LayoutOptions} from './index.ts';

/** ARGV: the tenant that the config names, and that it was before or ''. Reply: whose data it is. */
const NOTE = `
local key = KEYS[1] .. 'tenant'
local found = redis.call('GET', key)
if found and (found == ARGV[1] or found ~= ARGV[2]) then return found end
redis.call('SET', key, ARGV[1])
return ARGV[1]
`;

/** Whose accounts a target's data is about, in its key `tenant`. */
export interface TenantNote {
  /** `undefined` where nobody has noted it yet; writes nothing. */
  read(): Promise<string | undefined>;
  /** The same, and where nobody has noted it, or it was `movedFrom`, it is this one from now on. */
  note(tenant: string, movedFrom?: string): Promise<string>;
}

/** What is known of accounts holds for the tenant where they were seen, and for no other. */
export function createTenantNote({redis, prefix, target}: LayoutOptions): TenantNote {
  const key = targetPrefix(prefix, target);
  const run = createScripts(redis, key, {note: NOTE});
  return {
    read: async () => (await redis.get(`${key}tenant`)) ?? undefined,
    note: async (tenant, movedFrom = '') => String(await run.note([tenant, movedFrom])),
  };
}
