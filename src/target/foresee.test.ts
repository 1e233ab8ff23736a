import {expect, test} from '@jest/globals';
import {failed, ok, type Result} from '../core/failure.ts';
import type {DeadLetter} from '../core/parked.ts';
import {createPolicy} from '../core/policy.ts';
import type {Statement} from '../core/statement.ts';
import {foreseeBy} from './foresee.ts';

const letter: DeadLetter = {
  id: 'events/0/1',
  target: 'wiki',
  subject: 'ann',
  kind: 'snapshot',
  saysMembers: false,
  failure: {kind: 'rejected', cause: '400', message: 'refused'},
  attempts: 1,
  firstAt: 1,
  at: 1,
  position: {source: 1, offset: 1, occurredAt: 1},
  record: {
    ...{topic: 'events', partition: 0, offset: 1, timestamp: 1, headers: {}},
    ...{key: Buffer.from('ann'), value: Buffer.from('x')},
  },
};
const ann = (active: boolean, department = 'Sales'): Statement => ({
  kind: 'user',
  subject: 'ann',
  meta: {eventId: 'e', occurredAt: 1, source: 'hr'},
  user: {id: 'ann', userName: 'ann', active, enterprise: {department}},
});
const policy = createPolicy({scope: {users: 'department eq "Sales"'}, attributes: {}});
const refusal = (kind: 'undecodable' | 'unavailable'): Result<Statement> =>
  failed({kind, cause: kind, message: `it is ${kind}`});

test.each<[string, Result<Statement>, Partial<DeadLetter>, object]>([
  ['who is wanted', ok(ann(true)), {}, {does: 'account wanted', attributes: {userName: 'ann'}}],
  ['who left', ok(ann(false)), {}, {does: 'cut off, where there is an account'}],
  ['who is out of scope now', ok(ann(true, 'Art')), {}, {inScope: false}],
  ['what is no event still', refusal('undecodable'), {}, {does: 'dead letter', reason: 'it is undecodable'}],
  ['without the registry', refusal('unavailable'), {}, {does: 'not known', reason: 'it is unavailable'}],
  [
    'a member',
    ok(ann(true)),
    {kind: 'member', member: {subject: 'b', add: true}},
    {does: 'members told again'},
  ],
  ['a manager', ok(ann(true)), {kind: 'reference', managerId: 'b'}, {does: 'manager filled in'}],
  ['by hand', ok(ann(true)), {kind: 'cutOff', hand: {by: 'x', at: 1}}, {does: 'cut off by hand'}],
])('%s', async (_name, decoded, more, meaning) => {
  expect(await foreseeBy(() => decoded, policy)({...letter, ...more})).toMatchObject(meaning);
});
