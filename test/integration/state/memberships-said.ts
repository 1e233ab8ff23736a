import fc from 'fast-check';
import type {Position} from '../../../src/core/change.ts';

/** Who may be a member, and of what. */
export const people = ['u1', 'u2'];
export const groups = ['g1', 'g2'];

type Body =
  | {is: 'user' | 'outside'; of: string; groups: string[] | undefined}
  | {is: 'leave'; of: string}
  | {is: 'group' | 'unscoped'; of: string; members: string[] | undefined}
  | {is: 'deletion'; of: string}
  | {is: 'delta'; of: string; added: string[]; removed: string[]};
/** One event, and where it stands. */
export type Said = Body & {position: Position};

const some = (all: string[]) => fc.option(fc.subarray(all), {nil: undefined});
const person = fc.constantFrom(...people);
const groupId = fc.constantFrom(...groups);
const body: fc.Arbitrary<Body> = fc.oneof(
  {weight: 3, arbitrary: fc.record({is: fc.constant('user' as const), of: person, groups: some(groups)})},
  {weight: 2, arbitrary: fc.record({is: fc.constant('outside' as const), of: person, groups: some(groups)})},
  {weight: 2, arbitrary: fc.record({is: fc.constant('leave' as const), of: person})},
  {weight: 3, arbitrary: fc.record({is: fc.constant('group' as const), of: groupId, members: some(people)})},
  {
    weight: 1,
    arbitrary: fc.record({is: fc.constant('unscoped' as const), of: groupId, members: some(people)}),
  },
  {weight: 1, arbitrary: fc.record({is: fc.constant('deletion' as const), of: groupId})},
  {
    weight: 5,
    arbitrary: fc
      .record({of: groupId, moves: fc.dictionary(person, fc.boolean(), {minKeys: 1})})
      .map(({of, moves}): Body => ({
        is: 'delta',
        of,
        added: Object.keys(moves).filter((one) => moves[one]),
        removed: Object.keys(moves).filter((one) => !moves[one]),
      })),
  },
);

/** Two sources, each with times of its own parity: no two events are of one millisecond. */
export const history: fc.Arbitrary<Said[]> = fc
  .array(fc.record({source: fc.constantFrom(1, 2), step: fc.integer({min: 1, max: 3}), body}), {
    minLength: 3,
    maxLength: 12,
  })
  .map((drawn) => {
    const places: Record<number, {offset: number; time: number}> = {
      1: {offset: 0, time: 1_000_000},
      2: {offset: 0, time: 1_000_001},
    };
    return drawn.map(({source, step, body: said}) => {
      const place = places[source] ?? {offset: 0, time: 0};
      place.offset += 1;
      place.time += 2 * step;
      return {...said, position: {source, offset: place.offset, occurredAt: place.time}};
    });
  });

/** Whether this event puts one into a group or out of it; nothing where it says nothing of that. */
export function saysOf(said: Said, group: string, one: string): boolean | undefined {
  switch (said.is) {
    case 'user':
    case 'outside':
      return said.of === one ? said.groups?.includes(group) : undefined;
    case 'leave':
      return said.of === one ? false : undefined;
    case 'group':
    case 'unscoped':
      return said.of === group ? said.members?.includes(one) : undefined;
    case 'deletion':
      return said.of === group ? false : undefined;
    case 'delta':
      if (said.of !== group) return undefined;
      return said.added.includes(one) ? true : said.removed.includes(one) ? false : undefined;
    default:
      return said satisfies never;
  }
}
