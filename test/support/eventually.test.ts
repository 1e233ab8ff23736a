import {expect, test} from '@jest/globals';
import {eventually} from './eventually.ts';

test('it resolves to the first thing that is there, past what throws', async () => {
  let asked = 0;
  const value = await eventually(() => {
    asked += 1;
    if (asked === 1) throw new Error('not yet');
    return asked === 3 ? 'here' : undefined;
  });
  expect([value, asked]).toEqual(['here', 3]);
});

test('it rejects at the deadline, with what was waited for and the last error', async () => {
  const never = eventually(
    () => {
      throw new Error('down');
    },
    {what: 'the answer', deadlineMs: 30, everyMs: 5},
  );
  await expect(never).rejects.toMatchObject({
    message: 'the answer did not come true within 30 ms',
    cause: new Error('down'),
  });
});
