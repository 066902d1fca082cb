/** `examples/dapp-page`, in Chromium. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Nightshift } from '../../client/index.ts';
import { BUNDLE } from '../../examples/dapp-page/bundle.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import { launchChromium } from '../browser/chromium.ts';
import { DAPP_ORIGIN, type Site, serveSite } from '../browser/site.ts';

/** Kept, to be looked at. */
const SCREENSHOTS = join(STATE_ROOT, 'screenshots');

let site: Site;
let browser: Browser;

beforeAll(async () => {
  const { outputFiles } = await build(BUNDLE);
  const [script] = outputFiles;
  if (!script) throw new Error('Nothing came of bundling the page.');
  site = await serveSite({ '/': await readFile('examples/dapp-page/index.html'), '/page.js': script.contents });
  browser = await launchChromium(site);
  await mkdir(SCREENSHOTS, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

async function open(origin: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${origin}/?server=${encodeURIComponent(inject('baseUrl'))}`);
  return page;
}

const untilSaid = (page: Page, text: RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();
const click = (page: Page, name: string) => page.getByRole('button', { name }).click();
const progressOf = async (page: Page) => Number(await page.getByRole('progressbar').getAttribute('value'));
const photograph = (page: Page, name: string) => page.screenshot({ path: join(SCREENSHOTS, `dapp-page-${name}.png`) });

/** Has the page wait for news of its jobs until the test lets it have them. */
async function holdNews(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/v1/jobs/*', async (route) => {
    if (route.request().method() === 'GET') await promise;
    await route.continue();
  });
  return resolve;
}

test('a click has a call proved, and tells that the proof verifies', async () => {
  const page = await open(DAPP_ORIGIN);
  await untilSaid(page, /^Ready\.$/);
  for (const _ of ['the first time', 'and once more']) {
    await click(page, 'Count');
    await untilSaid(page, /^Counted: a proof of \d+ bytes in \d+\.\d s, which verifies\.$/);
    expect(await progressOf(page)).toBe(1);
  }
  expect(await page.getByRole('button', { name: 'Count' }).isEnabled()).toBe(true);
  await photograph(page, 'proved');
});

test('the bar moves on by itself, and comes to its end with the proof', async () => {
  const page = await open(DAPP_ORIGIN);
  await untilSaid(page, /^Ready\.$/);
  const letNewsThrough = await holdNews(page);
  await click(page, 'Count');
  await untilSaid(page, /^The proof is queued …$/);
  await expect.poll(() => progressOf(page)).toBeGreaterThan(0.1);
  await photograph(page, 'proving');
  expect(await progressOf(page)).toBeLessThan(1);
  letNewsThrough();
  await untilSaid(page, /^Counted: /);
  expect(await progressOf(page)).toBe(1);
});

test('Cancel cancels', async () => {
  const page = await open(DAPP_ORIGIN);
  await untilSaid(page, /^Ready\.$/);
  await holdNews(page);
  await click(page, 'Count');
  await untilSaid(page, /^The proof is queued …$/);
  const cancelled = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await click(page, 'Cancel');
  await untilSaid(page, /^Cancelled\.$/);
  expect(await progressOf(page)).toBe(0);
  expect((await cancelled).status()).toBe(200);
});

test('given a key and a contract it registers nothing, and sends the key with whatever it asks', async () => {
  const zkir = await readFile('examples/counter/zkir/count.zkir', 'utf8');
  const url = inject('baseUrl');
  const contract = await new Nightshift({ url }).push({ circuits: { count: { zkir } } });
  const page = await browser.newPage();
  const asked: Request[] = [];
  page.on('request', (request) => request.url().startsWith(url) && asked.push(request));
  const key = 'nsp_live_of-this-page';
  await page.goto(`${DAPP_ORIGIN}/?${new URLSearchParams({ server: url, key, contract: contract.id })}`);
  await untilSaid(page, /^Ready\.$/);
  await click(page, 'Count');
  await untilSaid(page, /^Counted: .*, which verifies\.$/);
  expect(asked.map((request) => request.url())).toContain(`${url}/v1/jobs`);
  expect(asked.map((request) => request.url())).not.toContain(`${url}/v1/contracts`);
  expect(new Set(asked.map((request) => request.headers()['x-api-key']))).toEqual(new Set([key]));
});

test('where the page may not ask, it says that it can not', async () => {
  const page = await open(site.url);
  await untilSaid(page, /^UNREACHABLE: /);
  await photograph(page, 'unreachable');
});
