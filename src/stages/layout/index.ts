import type {Cluster, Redis} from 'ioredis';
import {targetPrefix} from '../state/index.ts';
import {createScripts} from '../state/scripts.ts';

/** The layout of a target's keys that this program reads and writes; docs/upgrades.md tells what each has changed. */
export const currentLayout = 1;

/** Data that has no number: of a version before there was one. */
export const unnumbered = 0;

export interface LayoutOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
}

/** In which layout one target's keys are; not a number where the key holds none. */
export interface Layout {
  /** `undefined` where there is nothing yet; writes nothing. */
  read(): Promise<number | undefined>;
  /** The same, and where there is nothing yet it is this one from now on. */
  open(current: number): Promise<number>;
  /** A migration is done; resolves to what it is now, which is another's word where that was faster. */
  move(from: number, to: number): Promise<number>;
}

/** What a target has from its first use on, or from a person's first word about it. */
const anyOf = ['epoch', 'src', 'in', 'wm', 's', 'l', 'c', 'hand', 'h', 'lanes', 'dl', 'w', 'pause'];

/** ARGV: the layout to give to data that is not there yet, or ''. */
const OPEN = `
local found = redis.call('GET', KEYS[1] .. 'layout')
if found then return found end
for _, name in ipairs({'${anyOf.join("', '")}'}) do
  if redis.call('EXISTS', KEYS[1] .. name) == 1 then return '${unnumbered}' end
end
if ARGV[1] ~= '' then redis.call('SET', KEYS[1] .. 'layout', ARGV[1]) end
return ARGV[1]
`;

/** ARGV: from, to. */
const MOVE = `
local key = KEYS[1] .. 'layout'
local found = redis.call('GET', key) or '${unnumbered}'
if found ~= ARGV[1] then return found end
redis.call('SET', key, ARGV[2])
return ARGV[2]
`;

/** The number beside a target's keys, in its key `layout`. */
export function createLayout({redis, prefix, target}: LayoutOptions): Layout {
  const run = createScripts(redis, targetPrefix(prefix, target), {open: OPEN, move: MOVE});
  const ask = async (reply: Promise<unknown>): Promise<string> => String(await reply);
  return {
    async read() {
      const found = await ask(run.open(['']));
      return found === '' ? undefined : Number(found);
    },
    open: async (current) => Number(await ask(run.open([String(current)]))),
    move: async (from, to) => Number(await ask(run.move([String(from), String(to)]))),
  };
}
