import {expect, test} from '@jest/globals';
import type {Failure} from '../../core/failure.ts';
import {Refusals} from './refusals.ts';
import type {Granted} from './work.ts';

const refused: Failure = {kind: 'unauthorized', message: 'the credential is refused', cause: '403'};
const change = (subject: string, offset = 0): Granted =>
  ({claim: {op: 'user', subject, position: {source: 1, offset, occurredAt: 0}}}) as Granted;

test('refused again after others were applied, it is the change’s own', () => {
  const refusals = new Refusals();
  expect(refusals.read(change('ada'), refused)).toBe(refused);
  refusals.shut(change('ada'));
  refusals.applied(change('bob'));
  expect(refusals.read(change('ada'), refused)).toMatchObject({
    kind: 'rejected',
    cause: '403, this change alone',
  });
});

test('while nobody is applied it may be the credential, however often it is refused', () => {
  const refusals = new Refusals();
  for (let i = 0; i < 3; i += 1) {
    refusals.shut(change('ada'));
    expect(refusals.read(change('ada'), refused)).toBe(refused);
  }
});

test('another change of the subject, another failure, and one that was applied meanwhile are judged anew', () => {
  const refusals = new Refusals();
  refusals.shut(change('ada'));
  refusals.applied(change('bob'));
  expect(refusals.read(change('ada', 1), refused)).toBe(refused);
  const transient: Failure = {kind: 'transient', message: '', cause: '500'};
  expect(refusals.read(change('ada'), transient)).toBe(transient);
  refusals.applied(change('ada'));
  expect(refusals.read(change('ada'), refused)).toBe(refused);
});

test('what is remembered is bounded: the oldest is forgotten', () => {
  const refusals = new Refusals();
  for (let i = 0; i <= 1000; i += 1) refusals.shut(change(`p${i}`));
  refusals.applied(change('bob'));
  expect(refusals.read(change('p0'), refused)).toBe(refused);
  expect(refusals.read(change('p1'), refused).kind).toBe('rejected');
});
