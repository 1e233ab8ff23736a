import {expect, test} from '@jest/globals';
import type {GroupProgress} from '../api/schema/groups.ts';
import {fakePorts, letter, type Call} from '../api/testing/rig.ts';
import {consoleRig} from './testing/rig.ts';

const progress: GroupProgress = {
  ...{target: 'wiki', group: 'abc', state: 'running', startedAt: letter.at, by: 'ann', total: 2, retried: 1},
  ...{superseded: 0, gone: 0, refused: 0, items: [{id: 'events/0/1', result: 'retried'}], after: '1-0'},
};
const withRetry = (now: GroupProgress) => (calls: Call[]) => {
  const {groups} = fakePorts(calls);
  return {groups: {...groups, progress: () => Promise.resolve({ok: true as const, value: now})}};
};

test.each(['retry-cause', 'stop-retry'])('%s reaches its port', async (name) => {
  const {get, post, calls} = await consoleRig({api: withRetry(progress)});
  const url = `/act/${name}?target=wiki&group=abc`;
  expect((await get(url, 'operator')).text).toContain(
    name === 'retry-cause' ? 'Retry 1 dead letter' : '1 letter would stay',
  );
  await post(url, {reason: 'mended', seen: 'seen'}, 'operator');
  expect(calls.map(([call]) => call)).toContain(name === 'retry-cause' ? 'group retried' : 'stopped');
});

test('how far a retry has come, what may be done about it, and each letter of it', async () => {
  const page = '/dead-letters/cause?target=wiki&group=abc';
  const running = await consoleRig({api: withRetry(progress)});
  const {text} = await running.get(page, 'operator');
  expect(text).toContain('A retry runs');
  expect(text).toMatch(/<progress\s+max="2"\s+value="1"/);
  expect(text).toContain('id="live"');
  expect([text.includes('/act/stop-retry'), text.includes('/act/retry-cause')]).toEqual([true, false]);
  expect((await running.get('/dead-letters/retry?target=wiki&group=abc', 'viewer')).text).toMatch(
    /events\/0\/1[^]*retried[^]*after=1-0/,
  );
  expect((await running.get('/dead-letters/retry?target=wiki&group=abc&after=x', 'viewer')).status).toBe(400);
  const stopped = await consoleRig({api: withRetry({...progress, state: 'stopped', endedAt: letter.at})});
  const after = (await stopped.get(page, 'operator')).text;
  expect(after).toContain('What was not tried stays a dead letter');
  expect([after.includes('/act/stop-retry'), after.includes('/act/retry-cause')]).toEqual([false, true]);
});

test('the audit is paged by its cursor, and says when not all was read', async () => {
  const item = {
    id: 'i',
    at: letter.at,
    place: 'a:1',
    target: 'wiki',
    action: 'looked',
    actor: {id: 'ann', kind: 'human'},
  };
  const asked: unknown[] = [];
  const {get} = await consoleRig({
    api: () => ({
      audit: (...given) => {
        asked.push(given);
        return Promise.resolve({
          ok: true,
          value: {items: [item], next: 'more', stopped: 'of a what is old.', readFrom: 'topic'},
        });
      },
    }),
  });
  const {text} = await get('/audit?outcome=action&since=2026-11-24T08:00Z&cursor=here', 'viewer');
  expect(asked).toEqual([
    [{outcome: 'action', since: Date.parse('2026-11-24T08:00Z')}, {cursor: 'here', limit: 100}, {}],
  ]);
  expect(text).toMatch(/Not all was read: of a what is old\.[^]*looked; by ann[^]*cursor=more/);
  expect((await get('/audit?outcome=none', 'viewer')).status).toBe(400);
});

test('a retry of which nothing can come is told as such, and a letter leads to its cause', async () => {
  const {groups, letters} = fakePorts();
  const seen = await groups.preview({target: 'wiki', group: 'abc'});
  if (!seen.ok) throw new Error(seen.refusal.detail);
  const would = (...does: string[]) => ({
    ...seen.value,
    ...{looked: does.length, would: does.map((one) => ({does: one, count: 1}))},
  });
  const warning = 'Each would be a dead letter again: mend the cause first.';
  for (const [does, isWarned] of [
    [['dead letter'], true],
    [['account wanted', 'dead letter'], false],
  ] as const) {
    const {get} = await consoleRig({
      api: () => ({
        groups: {...groups, preview: () => Promise.resolve({ok: true, value: would(...does)})},
        letters: {...letters, read: () => Promise.resolve({ok: true, value: {...letter, group: 'abc'}})},
      }),
    });
    const {text} = await get('/act/retry-cause?target=wiki&group=abc', 'operator');
    expect([text.includes(warning), text.includes('class="ask"')]).toEqual([isWarned, true]);
    expect((await get('/dead-letters/letter?target=wiki&id=events%2F0%2F1', 'viewer')).text).toContain(
      'href="/dead-letters/cause?target=wiki&amp;group=abc"',
    );
  }
});

test('causes are paged, and how many there are in all is said on each page', async () => {
  const {groups} = fakePorts();
  const asked: unknown[] = [];
  const {get} = await consoleRig({
    api: () => ({
      groups: {
        ...groups,
        list: (...given) => {
          asked.push(given);
          return Promise.resolve({ok: true, value: {items: [], next: 'more', causes: 700, letters: 9000}});
        },
      },
    }),
  });
  const {text} = await get('/dead-letters?target=wiki&cursor=here', 'viewer');
  expect(asked).toEqual([[{target: 'wiki'}, {cursor: 'here', limit: 100}]]);
  expect(text).toMatch(
    /9,000 dead letters of 700 causes\.[^]*href="\/dead-letters\?target=wiki&amp;cursor=more"/,
  );
});
