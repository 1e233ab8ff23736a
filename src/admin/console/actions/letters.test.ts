import {expect, test} from '@jest/globals';
import {fakePorts, type Call} from '../../api/testing/rig.ts';
import {consoleRig} from '../testing/rig.ts';

test('of more than one action takes, the oldest are discarded, and how all of them are is told', async () => {
  const preview = {count: 5000, hasMore: true, token: 'first', causes: [{cause: '400', count: 5000}]};
  const {get, post, calls} = await consoleRig({
    api: (given: Call[]) => ({
      letters: {...fakePorts(given).letters, preview: () => Promise.resolve({ok: true, value: preview})},
    }),
  });
  const url = '/act/discard-letters?target=wiki&cause=400+of+it';
  const {text} = await get(url, 'operator');
  expect(text).toContain('Discard the oldest 1,000 of 5,000 dead letters at wiki of 400 of it?');
  expect(text).toMatch(/<button class="danger">Discard these 1,000<\/button>/);
  expect(text).toContain('avro-scim dead-letters discard --target wiki --cause &#39;400 of it&#39;');
  expect((await post(url, {reason: 'known', seen: 'first'}, 'operator')).status).toBe(200);
  const filter = {target: 'wiki', cause: '400 of it'};
  expect(calls.at(-1)?.slice(0, 2)).toEqual(['discarded', {filter, token: 'first', reason: 'known'}]);
});

test('a thousand holds and more are approved, the oldest first', async () => {
  const preview = {count: 1000, hasMore: true, token: 'first'};
  const {get} = await consoleRig({
    api: (given: Call[]) => ({
      holds: {...fakePorts(given).holds, preview: () => Promise.resolve({ok: true, value: preview})},
    }),
  });
  const {text} = await get('/act/approve-holds?target=wiki', 'approver');
  expect(text).toContain('Approve the oldest 1,000 holds at wiki?');
  expect(text).toMatch(/<button[^>]*>Approve these 1,000<\/button>/);
});
