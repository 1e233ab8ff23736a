import {expect, test} from '@jest/globals';
import type {AuditRecord} from '../../core/audit.ts';
import {createAuditQueue} from './audit-queue.ts';

const record = (id: string): AuditRecord => ({id, at: 0, target: 't', subject: 's', outcome: 'unchanged'});

test('records of one turn are written together, those that come meanwhile together after them, in order', async () => {
  const writes: string[][] = [];
  let later: Promise<void> | undefined;
  const queue = createAuditQueue({
    append(records) {
      writes.push(records.map(({id}) => id));
      later ??= Promise.all([queue.append([record('c')]), queue.append([record('d')])]).then(() => undefined);
      return Promise.resolve();
    },
  });
  await Promise.all([queue.append([record('a')]), queue.append([record('b')])]);
  await later;
  expect(writes).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('a write that fails fails for all that went with it, and no other', async () => {
  let fails = true;
  const queue = createAuditQueue({
    append: () => (fails ? Promise.reject(new Error('disk full')) : Promise.resolve()),
  });
  const both = await Promise.allSettled([queue.append([record('a')]), queue.append([record('b')])]);
  expect(both.map(({status}) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  await expect(queue.append([record('a')])).resolves.toBeUndefined();
});
