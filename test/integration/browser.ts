import {chromium, type Browser, type BrowserContextOptions, type Page} from 'playwright-core';
import {chromiumPath, requireChromium} from '../../scripts/services/tools.ts';
import type {Role} from '../../src/core/role.ts';
import {tokenOf} from './api-rig.ts';

const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** A headless Chromium; the console's own pages are all that it loads. */
export async function startBrowser(): Promise<Browser> {
  await requireChromium((line) => process.stderr.write(`${line}\n`));
  return chromium.launch({executablePath: chromiumPath, args});
}

/** A page in a session of its own, signed in as a role; what its console complains of is put into `complaints`. */
export async function signedIn(
  browser: Browser,
  url: string,
  role: Role,
  complaints: string[] = [],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({baseURL: url, ...options});
  context.setDefaultTimeout(45_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error')
      complaints.push(`${message.text()} ${new URL(message.location().url).pathname}`);
  });
  await page.goto('/');
  await page.getByLabel('Token').fill(tokenOf(role));
  await page.getByRole('button', {name: 'Sign in'}).click();
  await page.getByRole('heading', {name: 'Overview'}).waitFor();
  return page;
}
