import {expect, test} from '@jest/globals';
import type {DeadLetter} from '../../core/parked.ts';
import {shown} from './mask.ts';

const letter: DeadLetter = {
  id: 'events/0/1',
  target: 't',
  subject: 'u1',
  kind: 'snapshot',
  saysMembers: false,
  failure: {
    kind: 'rejected',
    cause: '400',
    message: 'refused',
    exchange: {
      method: 'POST',
      url: 'https://wiki.example/Users?filter=userName eq "ann"',
      requestBody: '{"userName":"ann","emails":[{"value":"ann@wiki.example"}]}',
      answerBody: 'ann is not welcome',
    },
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
    value: Buffer.from('ann'),
    headers: {who: 'ann'},
  },
};

test('nothing that a person wrote is shown unless asked for', () => {
  const text = JSON.stringify(shown(letter, false));
  expect(text).not.toContain('ann');
  expect(text).toContain('"userName":"[masked]"');
  expect(text).toContain('[3 bytes]');
  expect(text).toContain('[18 characters]');
});

test('revealed it is shown as it is, bytes in base64', () => {
  expect(shown(letter, true)).toMatchObject({
    failure: letter.failure,
    record: {value: Buffer.from('ann').toString('base64'), headers: {who: 'ann'}},
  });
});
