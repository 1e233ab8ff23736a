import {expect, test} from '@jest/globals';
import {letter} from '../../api/testing/rig.ts';
import {refused} from '../../api/problem.ts';
import {consoleRig} from '../testing/rig.ts';

const record = {id: 'i', at: letter.at, place: 'a:1', target: 'wiki', subject: 'u1', outcome: 'applied'};
const away = refused({kind: 'unavailable', service: 'redis', detail: 'Redis does not answer.'});

test('what was decided is shown while Redis is away', async () => {
  const {get, app} = await consoleRig({
    own: () => ({standings: () => Promise.resolve(away)}),
    api: () => ({
      audit: () =>
        Promise.resolve({ok: true, value: {items: [{...record, did: 'cut off'}], readFrom: 'topic'}}),
      subjects: {
        read: () => Promise.resolve(away),
        cutOff: () => Promise.resolve(away),
        replay: () => Promise.resolve(away),
        lift: () => Promise.resolve(away),
      },
    }),
  });
  const {status, text} = await get('/subject?id=u1', 'operator');
  expect([status, text]).toEqual([
    503,
    expect.stringMatching(/Redis does not answer\.[^]*What was decided[^]*cut off/),
  ]);
  expect(text).not.toContain('/act/');
  await app.close();
});

test('records that are of one process alone are told as such', async () => {
  for (const readFrom of ['file', 'topic'] as const) {
    const {get, app} = await consoleRig({
      api: () => ({audit: () => Promise.resolve({ok: true, value: {items: [], readFrom}})}),
    });
    const {text} = await get('/subject?id=u1', 'viewer');
    expect(text).toContain('There is no record of it.');
    expect(text.includes('what other replicas have written is not here')).toBe(readFrom === 'file');
    await app.close();
  }
});
