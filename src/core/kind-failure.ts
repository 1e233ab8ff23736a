import type {Failure} from './failure.ts';
import type {SubjectKind} from './state.ts';

export const otherKindCause = 'id of another kind';

/** An event about a group whose id is a person's, or about a person whose id is a group's; `known` is whose it is. */
export const otherKind = (known: SubjectKind): Failure => ({
  kind: 'conflict',
  message:
    known === 'group'
      ? 'the event is about a person, and at this target its id is a group’s: people and groups share one id space'
      : 'the event is about a group, and at this target its id is a person’s: people and groups share one id space',
  cause: otherKindCause,
});
