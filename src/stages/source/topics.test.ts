import {expect, test} from '@jest/globals';
import {matchTopics} from './topics.ts';

const own = (topic: string) => topic.endsWith('.dead-letters') || topic === 'audit';

test('names that exist and what patterns match, never the program’s own nor Kafka’s own topics', () => {
  const existing = [
    'hr.events',
    'idp.events',
    'idp.events.dead-letters',
    'audit',
    '__consumer_offsets',
    'other',
  ];
  expect(matchTopics(existing, ['hr.events', 'later', /events/, /./], own)).toEqual({
    present: ['hr.events', 'idp.events', 'other'],
    missing: ['later'],
  });
});

test('a pattern does not remember where it matched last', () => {
  const sticky = /a/g;
  expect(matchTopics(['a1', 'a2'], [sticky], own).present).toEqual(['a1', 'a2']);
  expect(matchTopics(['a1', 'a2'], [sticky], own).present).toEqual(['a1', 'a2']);
});
