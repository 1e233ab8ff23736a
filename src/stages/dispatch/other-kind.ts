import {otherKind} from '../../core/kind-failure.ts';
import type {DeadLetter} from '../../core/parked.ts';
import type {SubjectKind} from '../../core/state.ts';
import type {DispatchContext} from './context.ts';
import type {Verdict} from './end.ts';
import type {Parking} from './parking.ts';
import {persist} from './persist.ts';
import {told} from './records.ts';
import {positionOf, recordId, type Task} from './work.ts';

/** What is said of an id that is another kind's is a dead letter with its record: no state is touched by it. */
export async function refuseOtherKind(
  context: DispatchContext,
  parking: Parking,
  task: Task,
  known: SubjectKind = 'user',
): Promise<Verdict> {
  const {record} = task.entry;
  if (context.wasSettled(record)) return {outcome: 'dead'};
  const failure = otherKind(known);
  await parking.note('dead', task, {failure: told(failure)});
  const letter = parking.letterOf({from: 'sync', subject: task.statement.subject}, task, failure);
  // A delta's news is not with the group: it has to be said again.
  const delta = {id: recordId(record), kind: 'delta' as const, record, position: positionOf(task)};
  const whole: DeadLetter = task.entry.kind === 'delta' ? {...letter, ...delta} : letter;
  await persist(context, 'dead letter', () => context.letters.add(whole));
  return {outcome: 'dead'};
}
