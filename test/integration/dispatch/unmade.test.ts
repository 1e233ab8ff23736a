import {expect, test} from '@jest/globals';
import type {Statement} from '../../../src/core/statement.ts';
import {dispatchRig, person} from './rig.ts';

const meta = {eventId: '', occurredAt: 0, source: 'hr'};
const joins = (member: string): Statement => ({
  ...{kind: 'membership', subject: 'team', meta, added: [member], removed: []},
});
const team: Statement = {kind: 'group', subject: 'team', meta, group: {id: 'team', displayName: 'Team'}};

test.each(['group', 'unknown'] as const)(
  'who was to be in a group that ended (%s) before it was made is not in its successor',
  async (of) => {
    const rig = await dispatchRig();
    await rig.ended(rig.say(person('ann'), person('bob')) + 1, 'applied');
    await rig.ended(rig.say(joins('ann')), 'skipped');
    await rig.ended(rig.say({kind: 'deletion', of, subject: 'team', meta}), 'unchanged');
    await rig.ended(rig.say(joins('bob')), 'skipped');
    await rig.ended(rig.say(team), 'applied');
    await rig.ended(rig.say(joins('ann')), 'applied');
    const told = rig.audit.filter(({subject, members}) => subject === 'team' && members);
    const added = told.flatMap(({members}) => members?.added ?? []);
    expect(added).toEqual(['bob', 'ann']);
  },
);
