import {expect, test} from '@jest/globals';
import {Strangers, type Committed} from './strangers.ts';

const at = (offset: number, metadata: string, partition = 1): Committed => ({
  ...{topic: 't', partition, offset: String(offset)},
  metadata,
});
const isOurs = (_topic: string, partition: number): boolean => partition === 0;

/** What each look at these commits says, one after the other. */
function looks(...commits: Committed[]): boolean[] {
  const strangers = new Strangers();
  return commits.map((one) => strangers.note('ours', [at(9, 'ours', 0), one], isOurs));
}

test('who goes on committing under another epoch is a stranger, also in a catch-up', () => {
  expect(looks(at(1, 'theirs'), at(2, 'theirs'), at(3, 'theirs catch-up-to=9'))).toEqual([
    false,
    false,
    true,
  ]);
});

test.each([
  ['a replica of this deployment', [at(1, 'ours'), at(2, 'ours'), at(3, 'ours catch-up-to=9')]],
  ['a partition that nobody reads on', [at(1, 'theirs'), at(1, 'theirs'), at(1, 'theirs')]],
  ['a replica that learns late of a wiped store', [at(1, 'old'), at(2, 'old'), at(2, 'ours'), at(3, 'ours')]],
  ['a partition of this one', [at(1, 'theirs', 0), at(2, 'theirs', 0), at(3, 'theirs', 0)]],
  ['an offset that was set by hand', [at(1, ''), at(2, ''), at(3, '')]],
])('%s is none', (_, commits) => {
  expect(looks(...commits)).toEqual(commits.map(() => false));
});
