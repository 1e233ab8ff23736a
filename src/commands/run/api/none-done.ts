import {refused, type Answer} from '../../../admin/api/problem.ts';
import type {Done} from '../../../admin/api/schema/letters.ts';

/** What became of each, as a success where any was done; where all that could be were refused, that with the reasons. */
export function unlessNoneDone(results: Done[], wanted: string): Answer<Done[]> {
  const why = results.filter(({result}) => result === 'refused');
  if (why.length === 0 || results.some(({result}) => result === wanted)) return {ok: true, value: results};
  const state = why.map(({target, reason = 'refused'}) => `${target}: ${reason}`).join('; ');
  return refused({kind: 'wrong-state', detail: `Nothing was done: ${state}.`, state});
}
