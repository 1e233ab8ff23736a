import {expect, test} from '@jest/globals';
import {createCopies} from './copies.ts';
import type {MirrorMessage} from './mirror.ts';

const message = (key: string): MirrorMessage => ({key: Buffer.from(key), value: null, headers: {}});

function rig(most: number, send: (key: string) => Promise<void>) {
  const said: [string, object][] = [];
  const say = (fields: object, text: string): void => void said.push([text, fields]);
  const log = {debug: say, info: say, warn: say, error: say};
  const copies = createCopies({send: (_topic, {key}) => send(String(key)), log, most});
  return {said, copies, add: (key: string) => copies.add('events.dead-letters', message(key))};
}

test('copies go out in their order', async () => {
  const sent: string[] = [];
  const {add, copies, said} = rig(9, (key) => Promise.resolve(void sent.push(key)));
  for (const key of ['a', 'b', 'c']) add(key);
  await copies.idle();
  expect(sent).toEqual(['a', 'b', 'c']);
  expect(said).toEqual([]);
});

test('a topic that is not there is told once, and once when it is', async () => {
  let isThere = false;
  const {add, copies, said} = rig(9, () =>
    isThere ? Promise.resolve() : Promise.reject(new Error('no such topic')),
  );
  for (const key of ['a', 'b', 'c']) add(key);
  await copies.idle();
  isThere = true;
  add('d');
  add('e');
  await copies.idle();
  expect(said).toEqual([
    [
      'dead letters are not copied to Kafka: they are in Redis alone',
      {topic: 'events.dead-letters', reason: 'no such topic'},
    ],
    ['dead letters are copied to Kafka again', {missing: 3}],
  ]);
});

test('a Kafka that does not answer is waited for with no more than so many', async () => {
  const answer = Promise.withResolvers<undefined>();
  const sent: string[] = [];
  const {add, copies, said} = rig(2, (key) => answer.promise.then(() => void sent.push(key)));
  for (const key of ['a', 'b', 'c', 'd', 'e']) add(key);
  expect(said.map(([text]) => text)).toEqual([
    'dead letters are not copied to Kafka: they are in Redis alone',
  ]);
  answer.resolve(undefined);
  await copies.idle();
  expect(sent).toEqual(['a', 'b', 'c']);
  expect(said[1]).toEqual(['dead letters are copied to Kafka again', {missing: 2}]);
});
