import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import type {DeadLetter} from '../src/core/parked.ts';
import {leaveOf, letterOf, startApi, type ApiRig} from '../test/integration/api-rig.ts';
import {signedIn, startBrowser} from '../test/integration/browser.ts';
import {haveAccess} from '../test/integration/console-rig.ts';

const folder = join(import.meta.dirname, '../docs/screenshots');
const now = Date.now();
const hourMs = 3_600_000;

/** A dead letter of a made-up person, so many hours old. */
function letter(offset: number, target: string, hours: number, more: Partial<DeadLetter>): DeadLetter {
  const at = now - hours * hourMs;
  const subject = `E${10_000 + offset}`;
  return {
    ...letterOf(offset, target),
    ...{subject, at, firstAt: at - 5000, attempts: 1, position: {source: 1, offset, occurredAt: at - 9000}},
    ...more,
  };
}

const failure = (status: number, cause: string, detail: string): DeadLetter['failure'] => ({
  ...{kind: 'rejected', status, cause, message: 'the target refuses the request'},
  exchange: {
    method: 'POST',
    url: 'https://wiki.example/scim/v2/Users',
    requestBody: '{"userName":"ann"}',
    answerBody: JSON.stringify({detail}),
  },
});

/** A morning after a change of titles: one cause, some others, a leaver who is still in. */
async function fill({letters, holds, redis}: ApiRig): Promise<void> {
  const title = failure(400, '400 invalidValue', 'title must not be longer than 20 characters');
  const taken = failure(409, '409 uniqueness', 'userName is taken');
  for (let n = 0; n < 240; n += 1) await letters.wiki.add(letter(100 + n, 'wiki', n / 40, {failure: title}));
  for (let n = 0; n < 12; n += 1) await letters.desk.add(letter(400 + n, 'desk', n, {failure: taken}));
  const denied = failure(403, '403 forbidden', 'the token may not deactivate users');
  await haveAccess({redis}, 'E10007');
  await letters.desk.add(letter(7, 'desk', 3, {kind: 'cutOff', failure: denied}));
  for (const offset of [21, 22, 23]) await holds.hold(leaveOf(offset), `E${10_000 + offset}`);
}

interface Shot {
  name: string;
  height: number;
  open: (page: Page) => Promise<unknown>;
}

const shots: readonly Shot[] = [
  {name: 'overview', height: 700, open: (page) => page.goto('/')},
  {name: 'dead-letters', height: 560, open: (page) => page.goto('/dead-letters')},
  {name: 'cause', height: 520, open: (page) => page.getByRole('link', {name: /^400 invalidValue/}).click()},
  {name: 'subject', height: 520, open: (page) => page.goto('/subject?id=E10007')},
];

/** `npm run screenshots`: the pictures of docs/console.md, of made-up people. */
async function take(): Promise<void> {
  await mkdir(folder, {recursive: true});
  const [api, browser] = await Promise.all([startApi(), startBrowser()]);
  try {
    await fill(api);
    const page = await signedIn(browser, api.url, 'operator');
    for (const {name, height, open} of shots) {
      await page.setViewportSize({width: 1100, height});
      await open(page);
      await page.getByRole('heading', {level: 1}).first().waitFor();
      await page.screenshot({path: join(folder, `${name}.png`), animations: 'disabled'});
    }
    await page.emulateMedia({colorScheme: 'dark'});
    await page.setViewportSize({width: 390, height: 760});
    await page.screenshot({path: join(folder, 'subject-narrow-dark.png'), animations: 'disabled'});
  } finally {
    await browser.close();
    await api.close();
  }
}

await take();
