import {describe, expect, test} from '@jest/globals';
import type {Plan} from './plan.ts';
import {planMapped} from './planned.ts';
import {createPolicy} from './policy.ts';
import type {Statement} from './statement.ts';

type Groups = NonNullable<Parameters<typeof createPolicy>[0]['groups']>;

const meta = {eventId: 'e', occurredAt: 1, source: 'hr'};
const wiki: Statement = {
  kind: 'group',
  subject: 'g1',
  meta,
  group: {id: 'g1', displayName: 'wiki', members: ['u1']},
};
const gone = (of: 'group' | 'unknown'): Statement => ({kind: 'deletion', subject: 'g1', meta, of});
const planOf = async (
  groups: Partial<Groups>,
  statement: Statement = wiki,
  scope?: string,
): Promise<Plan> => {
  const policy = createPolicy({
    scope: {groups: scope},
    attributes: {},
    groups: {create: true, map: {}, ...groups},
  });
  const planned = await planMapped(statement, policy);
  if (!planned.ok) throw new Error(planned.failure.message);
  return planned.value;
};

describe('a group at the target', () => {
  test('is made and called as in the event, where nothing is said', async () => {
    const planned = await planOf({});
    expect(planned).toMatchObject({
      op: 'group',
      wanted: {attributes: {displayName: 'wiki', externalId: 'g1'}},
    });
    expect(planned).not.toHaveProperty('wanted.isKept');
    expect(await planOf({}, gone('group'))).toMatchObject({op: 'ungroup'});
  });

  test('named by its id is left as it is, but for its members', async () => {
    expect(await planOf({map: {g1: {id: 'r7'}}})).toMatchObject({
      op: 'group',
      wanted: {attributes: {}, isKept: true, at: 'r7'},
      lists: {whole: ['u1']},
    });
  });

  test('named by its name is found, not made', async () => {
    expect(await planOf({map: {g1: {name: 'Wiki'}}, name: {expression: '"x"'}})).toMatchObject({
      wanted: {attributes: {displayName: 'Wiki', externalId: 'g1'}, isKept: true},
    });
  });

  test('is called as an expression says', async () => {
    const named = await planOf({name: {expression: '"hr-" & displayName'}});
    expect(named).toMatchObject({wanted: {attributes: {displayName: 'hr-wiki'}}});
    await expect(planOf({name: {expression: '1'}})).rejects.toThrow(
      'mapping of displayName: expected a text, found a number, in 1',
    );
    await expect(planOf({name: {expression: '""'}})).rejects.toThrow(/expected a text, found nothing/);
  });

  test.each<[string, Partial<Groups>]>([
    ['create: false', {create: false}],
    ['the map', {map: {g1: {id: 'r7'}}}],
  ])('that is the target’s own by %s is emptied, not deleted', async (_name, groups) => {
    const emptied = {
      op: 'group',
      wanted: {attributes: {}, isKept: true, isEmptied: true},
      lists: {whole: []},
    };
    expect(await planOf(groups, gone('group'))).toMatchObject(emptied);
    // Out of scope its members are known still: it gets them back.
    const outside = {...emptied, byScope: true, lists: {whole: ['u1']}};
    expect(await planOf(groups, wiki, 'displayName eq "other"')).toMatchObject(outside);
    const broken = {...groups, name: {expression: '$error("x")'}};
    expect(await planOf(broken, wiki, 'displayName eq "other"')).toMatchObject(outside);
  });

  test('a tombstone is of a group where the map names it, else of nobody knows what', async () => {
    expect(await planOf({map: {g1: {id: 'r7'}}}, gone('unknown'))).toMatchObject({op: 'group'});
    expect(await planOf({create: false}, gone('unknown'))).toMatchObject({op: 'gone', isUrgent: true});
  });
});
