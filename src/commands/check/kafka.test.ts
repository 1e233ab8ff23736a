import {expect, test} from '@jest/globals';
import {topicsOf} from './kafka.ts';

const names = ['__consumer_offsets', 'hr.audit', 'hr.people', 'hr.people.dead-letters'];
const deadLetters = {mirror: true, suffix: '.dead-letters'};
const found = (topics: string[]) =>
  topicsOf(names, {kafka: {topics}, deadLetters, audit: {topic: 'hr.audit'}});

test('a pattern is read as run reads it: neither internal topics nor the program’s own', () => {
  expect(found(['/.*/'])).toEqual([{wanted: '/.*/', present: ['hr.people'], missing: []}]);
});

test('a name is taken as it is', () => {
  expect(found(['hr.people.dead-letters', 'none', '/^x/'])).toEqual([
    {wanted: 'hr.people.dead-letters', present: ['hr.people.dead-letters'], missing: []},
    {wanted: 'none', present: [], missing: ['none']},
    {wanted: '/^x/', present: [], missing: []},
  ]);
});
