import {expect, test} from '@jest/globals';
import {readLetter, toJson} from './parked-json.ts';
import type {DeadLetter} from './parked.ts';

const letter = (answerBody: string): DeadLetter => ({
  id: 'events/0/1',
  target: 'wiki',
  subject: 'u1',
  kind: 'snapshot',
  saysMembers: false,
  failure: {
    kind: 'rejected',
    cause: '400',
    message: 'refused',
    exchange: {method: 'POST', url: 'https://wiki.example/Users', answerBody},
  },
  attempts: 1,
  firstAt: 1,
  at: 1,
  position: {source: 1, offset: 1, occurredAt: 1},
  record: {
    topic: 'events',
    partition: 0,
    offset: 1,
    timestamp: 1,
    key: Buffer.from('u1'),
    value: Buffer.from([0, 200]),
    headers: {trace: 'a'},
  },
});

test('half an emoji, where an answer was cut, becomes the sign for what is no text', () => {
  expect(toJson(letter(`bad ${'😀'.slice(0, 1)}`))).not.toContain('\\ud83d');
  expect(readLetter(toJson(letter(`bad ${'😀'.slice(0, 1)}`)))).toEqual(letter('bad \ufffd'));
});

test('a whole letter is what it was', () => {
  expect(readLetter(toJson(letter('bad 😀')))).toEqual(letter('bad 😀'));
});
