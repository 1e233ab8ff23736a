import {refused, type Answer} from '../../../admin/api/problem.ts';
import type {Paging} from '../../../admin/api/schema/common.ts';
import type {LetterGroup} from '../../../stages/dead-letters/index.ts';
import {byUrgency, type GroupPlace} from '../../dead-letters/groups.ts';
import {badCursor} from './pages.ts';

/**
 * One page of all groups, in the order of their urgency. The cursor is the place of the last one shown, so that what comes or goes
 * meanwhile shifts nothing; a group that grows or shrinks over that place is shown twice, or not.
 */
export function groupPage<Group extends LetterGroup>(
  groups: readonly Group[],
  {cursor, limit}: Paging,
): Answer<{items: Group[]; next?: string}> {
  const place = cursor === undefined ? undefined : read(cursor);
  if (cursor !== undefined && !place) return refused(badCursor);
  const sorted = groups.toSorted(byUrgency);
  const left = place ? sorted.filter((group) => byUrgency(place, group) < 0) : sorted;
  const items = left.slice(0, limit);
  const last = items.at(-1);
  return {ok: true, value: {items, ...(last && left.length > limit && {next: write(last)})}};
}

const write = ({isCutOff, count, target, id}: GroupPlace): string =>
  Buffer.from(JSON.stringify([isCutOff, count, target, id])).toString('base64url');

function read(cursor: string): GroupPlace | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [isCutOff, count, target, id, ...more] = Array.isArray(parts) ? (parts as unknown[]) : [];
    if (typeof isCutOff !== 'boolean' || typeof count !== 'number' || more.length > 0) return undefined;
    return typeof target === 'string' && typeof id === 'string' ? {isCutOff, count, target, id} : undefined;
  } catch {
    return undefined;
  }
}
