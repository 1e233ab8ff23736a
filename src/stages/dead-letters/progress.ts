import type {Cluster, Redis} from 'ioredis';

/** What became of one letter. What fails again is a new letter, of the same id, and no item here. */
export interface RetryItem {
  id: string;
  /** `superseded`: a newer event has overtaken it, and it is closed; `refused`: it stays, for this reason. */
  result: 'retried' | 'superseded' | 'gone' | 'refused';
  reason?: string;
}

/** How far the last retry of a group has come; times in milliseconds since the epoch. */
export interface RetryProgress {
  target: string;
  group: string;
  state: 'running' | 'done' | 'stopped';
  startedAt: number;
  endedAt?: number;
  by: string;
  reason?: string;
  /** How many letters it is about. */
  total: number;
  retried: number;
  superseded: number;
  gone: number;
  refused: number;
  /** In their order, a thousand at most; of very many the last ten thousand are kept. */
  items: RetryItem[];
  /** Gives the items after these. */
  after: string;
}

const mostItems = 1000;

/** Reads it; undefined when none is remembered. */
export async function readProgress(
  redis: Redis | Cluster,
  key: string,
  {target, group, after = '0-0'}: {target: string; group: string; after?: string | undefined},
): Promise<RetryProgress | undefined> {
  const found = await redis.hgetall(`${key}dlr:${group}`);
  const {state, by = '', reason = '', endedAt} = found;
  if (state === undefined) return undefined;
  const entries = await redis.xrange(`${key}dlri:${group}`, `(${after}`, '+', 'COUNT', mostItems);
  const number = (name: string): number => Number(found[name] ?? 0);
  return {
    ...{target, group, state: state as RetryProgress['state'], by},
    ...(reason !== '' && {reason}),
    startedAt: number('startedAt'),
    ...(endedAt !== undefined && {endedAt: Number(endedAt)}),
    total: number('total'),
    retried: number('retried'),
    superseded: number('superseded'),
    gone: number('gone'),
    refused: number('refused'),
    items: entries.map(([, fields]) => itemOf(fields)),
    after: entries.at(-1)?.[0] ?? after,
  };
}

function itemOf([, id = '', , result, , reason = '']: string[]): RetryItem {
  return {id, result: result as RetryItem['result'], ...(reason !== '' && {reason})};
}
