import {describe, expect, test} from '@jest/globals';
import type {DeadLetter} from '../../core/parked.ts';
import {createMirror, type MirrorMessage} from './mirror.ts';

const letter: DeadLetter = {
  id: 'events/3/9',
  target: 'hr-wiki',
  subject: 'u1',
  kind: 'snapshot',
  saysMembers: false,
  failure: {kind: 'rejected', cause: '400 invalidValue', message: 'the target refuses a value'},
  attempts: 1,
  firstAt: 1,
  at: 2,
  position: {source: 1, offset: 9, occurredAt: 0},
  record: {
    topic: 'events',
    partition: 3,
    offset: 9,
    timestamp: 77,
    key: Buffer.from('u1'),
    value: Buffer.from([0, 0, 0, 0, 1, 255]),
    headers: {trace: 'abc'},
  },
};

describe('the mirror of dead letters', () => {
  test('sends the original key, bytes and headers, and why beside them', () => {
    const sent: {topic: string; message: MirrorMessage}[] = [];
    createMirror((topic, message) => void sent.push({topic, message}), '.dead-letters')(letter);
    expect(sent).toEqual([
      {
        topic: 'events.dead-letters',
        message: {
          key: letter.record?.key,
          value: letter.record?.value,
          headers: {
            trace: 'abc',
            'avroscim.target': 'hr-wiki',
            'avroscim.kind': 'rejected',
            'avroscim.cause': '400 invalidValue',
            'avroscim.message': 'the target refuses a value',
            'avroscim.attempts': '1',
            'avroscim.topic': 'events',
            'avroscim.partition': '3',
            'avroscim.offset': '9',
            'avroscim.timestamp': '77',
          },
        },
      },
    ]);
  });

  test('has nothing to send without a record', () => {
    const sent: string[] = [];
    const bare = {...letter};
    delete bare.record;
    createMirror((topic) => void sent.push(topic), '.dead-letters')(bare);
    expect(sent).toEqual([]);
  });
});
