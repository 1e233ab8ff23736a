import {describe, expect, test} from '@jest/globals';
import type {User} from '../../src/core/event.ts';
import type {DemoEvent} from './company.ts';
import {expectedOf} from './model.ts';

const event = (body: Partial<DemoEvent>): DemoEvent => ({eventId: 'e', source: 'hr', ...body});
const user = (id: string, more: Partial<User> = {}): DemoEvent =>
  event({user: {id, userName: id, active: true, ...more}});
const list = (members: string[] | null, displayName = 'G'): DemoEvent =>
  event({group: {id: 'g', displayName, members}});
const membersAfter = (events: DemoEvent[], refused: string[] = []): string[] => [
  ...(expectedOf(events, new Set(refused)).groups.get('g')?.members ?? ['no group']),
];

describe('expectedOf', () => {
  test('the last word on a person counts', () => {
    const last = {title: 'B', enterprise: {department: 'D', managerId: 'm'}};
    const {users} = expectedOf([user('a', {title: 'A'}), user('a', last)], new Set());
    expect(users.get('a')).toEqual({userName: 'a', active: true, title: 'B', department: 'D', manager: 'm'});
  });

  test('a leaver is in no group, and back in none by coming back', () => {
    const events = [list(['a', 'b']), user('a'), user('b'), user('a', {active: false})];
    expect(membersAfter(events)).toEqual(['b']);
    expect(membersAfter([...events, user('a')])).toEqual(['b']);
  });

  test('members come and go by changes; a group that leaves them unsaid keeps them', () => {
    const change = event({membership: {groupId: 'g', added: ['b'], removed: ['a']}});
    expect(membersAfter([user('a'), user('b'), list(['a']), change, list(null, 'H')])).toEqual(['b']);
    expect(membersAfter([user('a'), list(['a']), list([])])).toEqual([]);
  });

  test('who is refused is not there, nor a member', () => {
    expect(membersAfter([user('a'), user('b'), list(['a', 'b'])], ['a'])).toEqual(['b']);
  });

  test('a group that ended is not there', () => {
    expect(membersAfter([list([]), event({deletion: {id: 'g', kind: 'group'}})])).toEqual(['no group']);
  });
});
