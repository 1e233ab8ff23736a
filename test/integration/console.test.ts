import {AxeBuilder} from '@axe-core/playwright';
import {afterAll, beforeAll, expect, test} from '@jest/globals';
import type {Browser, Page} from 'playwright-core';
import {eventually} from '../support/eventually.ts';
import {leaveOf, letterOf, startApi, type ApiRig} from './api-rig.ts';
import {signedIn, startBrowser} from './browser.ts';
import {haveAccess, pages, waitInLanes} from './console-rig.ts';

const many = 2000;
const complaints: string[] = [];
let api: ApiRig;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [api, browser] = await Promise.all([startApi(), startBrowser()]);
  const offsets = Array.from({length: many}, (_, i) => 100 + i);
  await Promise.all(offsets.map((offset) => api.letters.wiki.add(letterOf(offset, 'wiki'))));
  await haveAccess(api, 'u7');
  await api.letters.desk.add({...letterOf(7, 'desk', '401 not allowed'), kind: 'cutOff'});
  await api.letters.desk.add(letterOf(8, 'desk', '409 uniqueness'));
  for (const offset of [21, 22, 23, 24]) await api.holds.hold(leaveOf(offset), `u${offset}`);
  page = await signedIn(browser, api.url, 'approver', complaints);
});
afterAll(async () => {
  await browser.close();
  await api.close();
});

const heading = (): Promise<string> => page.getByRole('heading', {level: 1}).innerText();
const said = (): Promise<string> => page.getByRole('status').first().innerText();
const open = (name: string): Promise<void> => page.getByRole('link', {name, exact: true}).first().click();

/** Sends the form of the action that is shown. */
async function confirm(button: string): Promise<void> {
  await page.getByLabel('Reason').fill('a test');
  await page.getByRole('button', {name: button, exact: true}).click();
}

test('why one named leaver still has access: their id, and one click', async () => {
  await page.getByLabel('A person’s or group’s id').fill('u7');
  await page.getByRole('button', {name: 'Find'}).click();
  expect(await heading()).toBe('Subject u7');
  const card = await page.getByRole('main').innerText();
  expect(card).toMatch(/desk: (may still have|still has) access/);
  expect(card).toContain('401 not allowed');
  expect(card).toContain('What comes next');
});

test('two thousand letters of one cause: one that comes meanwhile is shown, the retry is watched, stopped, gone on with', async () => {
  await open('Dead letters');
  await page.getByRole('link', {name: /^400 invalidValue/}).click();
  const address = page.url();
  await open('Retry all of this cause…');
  expect(await heading()).toContain('Retry 2,000 dead letters at wiki');
  await api.letters.wiki.add(letterOf(99, 'wiki'));
  await confirm('Retry all of this cause');
  expect(await page.getByRole('alert').innerText()).toContain('2001');
  expect(await heading()).toContain('Retry 2,001 dead letters at wiki');
  expect(await page.getByLabel('Reason').inputValue()).toBe('a test');
  await confirm('Retry all of this cause');
  await page.getByText('The retry of 2,001 dead letters has begun.').waitFor();
  await open('See how far it has come');
  await page.getByRole('heading', {name: 'A retry runs'}).waitFor();
  const triedHundred = async () => {
    await page.reload();
    return /^Retried\s+(\d{3}|1,\d{3}) of 2,001$/m.test(await page.getByRole('main').innerText());
  };
  await eventually(triedHundred, {what: 'a hundred letters that were tried'});
  await open('Stop the retry…');
  await confirm('Stop the retry');
  expect(await said()).toMatch(/^The retry is stopped: [\d,]+ letters of 2,001 were not tried\.$/);
  await open('Back');
  await page.getByRole('heading', {name: 'The last retry was stopped'}).waitFor();
  await open('Letter by letter');
  await page.getByRole('heading', {name: 'A retry, letter by letter'}).waitFor();
  expect(await page.getByRole('cell', {name: 'retried'}).count()).toBeGreaterThan(50);
  await page.goto(address);
  await open('Retry all of this cause…');
  await confirm('Retry all of this cause');
  await page.getByText(/^The retry of 1,\d\d\d dead letters has begun\.$/).waitFor();
  const isLeft = async () =>
    (await api.letters.wiki.groups()).some(({cause}) => cause === '400 invalidValue');
  await eventually(async () => !(await isLeft()), {what: 'the end of the retry', deadlineMs: 40_000});
  await page.goto(address);
  await page.getByRole('heading', {name: 'The last retry is done'}).waitFor();
}, 90_000);

test('who waits in lanes, page by page', async () => {
  await waitInLanes(api, 120);
  await page.goto('/lanes?target=desk');
  expect(await page.getByRole('rowheader').count()).toBe(100);
  await open('Next page');
  expect(await page.getByRole('rowheader', {name: /^waits-5119$/}).count()).toBe(1);
});

test('one letter: masked, shown with a reason that is audited, retried, discarded', async () => {
  await page.goto('/dead-letters/list?target=desk&cause=409%20uniqueness');
  await open('events/0/8');
  expect(await page.getByRole('main').innerText()).not.toMatch(/\bann\b/);
  await page.getByLabel('Reason to see it').fill('ticket 7');
  await page.getByRole('button', {name: 'Show personal data'}).click();
  expect(await page.getByRole('main').innerText()).toMatch(/"userName":"ann"/);
  const seen = (await api.audited()).find(({reason}) => reason === 'ticket 7');
  expect(seen).toMatchObject({subject: 'u8', action: 'dead letter shown unmasked'});
  await open('Retry…');
  await confirm('Retry');
  expect(await said()).toBe('1 retried');
  await page.goto('/dead-letters/letter?target=desk&id=events%2F0%2F7');
  await open('Discard…');
  await confirm('Discard');
  expect(await said()).toBe('1 discarded');
  expect(
    (await api.audited()).some(
      ({action, reason}) => action === 'dead letter discarded' && reason === 'a test',
    ),
  ).toBe(true);
});

test('by keyboard alone: a held leave is approved', async () => {
  await page.goto('/holds');
  await tabTo('a[href*="approve-hold?"][href*="subject=u21"]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/approve-hold/);
  expect(await heading()).toBe('Approve what is held of u21 at wiki?');
  await tabTo('#reason');
  await page.keyboard.type('known to HR');
  await tabTo('main button');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'Approve: 1 result'}).waitFor();
  expect(await said()).toBe('1 approved');
});

async function tabTo(selector: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  throw new Error(`Tab never came to ${selector}`);
}

test('holds: one is discarded, then all that are left', async () => {
  await page.goto('/holds');
  await page.getByRole('link', {name: 'Discard… u22'}).click();
  await confirm('Discard');
  expect(await said()).toBe('1 discarded');
  await open('Back');
  await open('Approve all…');
  expect(await heading()).toContain('Approve 2 holds');
  await confirm('Approve all');
  expect(await said()).toBe('2 approved');
});

test('a target is paused and resumed; a person is cut off by hand, and let in again', async () => {
  await page.goto('/target?name=desk');
  await open('Pause…');
  await confirm('Pause');
  expect(await said()).toBe('desk is paused.');
  await page.goto('/');
  expect(await page.getByRole('row', {name: /^desk/}).innerText()).toContain('paused by token:approver');
  await page.goto('/target?name=desk');
  await open('Resume…');
  await confirm('Resume');
  expect(await said()).toBe('desk goes on.');
  await page.goto('/act/cut-off?id=u50&target=wiki');
  await confirm('Cut off now');
  expect(await said()).toBe('1 marked');
  await open('Back');
  await open('Lift the cut-off by hand…');
  await confirm('Lift the cut-off by hand');
  expect(await said()).toBe('1 lifted');
  await page.goto('/act/replay?id=u100&target=wiki');
  await confirm('Replay the last event');
  expect(await page.getByRole('main').innerText()).toMatch(
    /refused|unknown|replayed|not answer|unreachable/i,
  );
});

test('what was done stands in the audit page', async () => {
  await page.goto('/audit?subject=u50');
  const text = await page.getByRole('main').innerText();
  expect(text).toContain('by token:approver (a test)');
  expect(text).toContain('lifted');
  await page.getByLabel('Outcome').selectOption('action');
  await page.getByRole('button', {name: 'Show'}).click();
  await page.waitForURL(/outcome=action/);
  expect(await page.getByRole('row', {name: /cut-off by hand/}).count()).toBe(2);
});

/** The cause of the letter 9. */
async function causePath(): Promise<string> {
  const group = (await api.letters.desk.groups()).find(({cause}) => cause === '409 uniqueness');
  return `/dead-letters/cause?target=desk&group=${group?.id ?? ''}`;
}

test('every page, light and dark: axe finds nothing, and at 390 px nothing is cut off', async () => {
  await api.letters.desk.add(letterOf(9, 'desk', '409 uniqueness'));
  await api.holds.hold(leaveOf(31), 'u31');
  for (const path of [...pages, await causePath()]) {
    await page.goto(path);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({colorScheme});
      // Only colours differ between the two.
      const axe = new AxeBuilder({page}).setLegacyMode(true);
      const {violations} = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze();
      expect([path, colorScheme, violations.map(({id, nodes}) => [id, nodes[0]?.html])]).toEqual([
        path,
        colorScheme,
        [],
      ]);
    }
    await page.setViewportSize({width: 390, height: 800});
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect([path, wide]).toEqual([path, 390]);
    await page.setViewportSize({width: 1280, height: 720});
  }
}, 120_000);

test('a viewer has no actions; signed out, the session is over', async () => {
  const viewer = await signedIn(browser, api.url, 'viewer', complaints);
  await viewer.goto('/dead-letters/letter?target=desk&id=events%2F0%2F9');
  expect(await viewer.locator('a[href^="/act/"], main form[method=post]').count()).toBe(0);
  await viewer.getByRole('button', {name: 'Sign out'}).click();
  await viewer.getByRole('heading', {name: 'Sign in'}).waitFor();
  await viewer.goto('/lanes');
  expect(await viewer.getByRole('heading', {level: 1}).innerText()).toBe('Sign in');
});

test('without Redis the pages say so', async () => {
  await api.redis.stop();
  await eventually(async () => (await api.ask('/api/v1/lanes', 'viewer')).status === 503);
  await page.goto('/');
  expect(await page.getByRole('alert').innerText()).toContain('Without Redis nobody knows');
  expect(await page.getByRole('row', {name: /^wiki/}).count()).toBe(1);
  await page.goto('/lanes');
  expect(await page.getByRole('alert').innerText()).toContain('Redis does not answer');
  await api.redis.start();
});

test('no page has made the browser complain, but of answers that are no success', () => {
  const expected =
    /^Failed to load resource: the server responded with a status of (4\d\d .* \/act\/|503 .* \/lanes)/;
  expect(complaints.filter((text) => !expected.test(text))).toEqual([]);
});
