/** A page of another origin, in Chromium. */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { VERSION } from '../../core/version.ts';
import { bundleForBrowser } from '../browser/bundle.ts';
import { launchChromium } from '../browser/chromium.ts';
import type { Page as DApp } from '../browser/page.ts';
import { DAPP_ORIGIN, type Site, serveSite } from '../browser/site.ts';
import { binaryIr, irFile } from '../generator/circuits.ts';
import { generateTransaction } from '../generator/generate.ts';
import { keyFiles } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';

const circuit = 'fallible/count';
const server = inject('baseUrl');

let site: Site;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const { prover, verifier } = await keyFiles(circuit);
  site = await serveSite({
    '/page.js': await bundleForBrowser('test/browser/page.ts'),
    '/transaction': (await generateTransaction(circuit)).transaction.serialize(),
    '/ir': binaryIr(circuit),
    '/prover': await readFile(prover),
    '/verifier': await readFile(verifier),
  });
  browser = await launchChromium(site);
  page = await browser.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => 'prove' in globalThis);
});

afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

test('midnight-js, bundled, has a transaction proven, and the proof verifies', async () => {
  const proofs = await page.evaluate((url) => (globalThis as unknown as DApp).prove(url), server);
  expect(proofs).toHaveLength(1);
  for (const { request, proof } of proofs) {
    const statement = await statementOf(request, irFile(circuit));
    expect(await verifies(proof, (await keyFiles(circuit)).verifier, statement)).toBe(true);
  }
});

test('a page can read why it was refused, and which server refused it', async () => {
  const refusal = await page.evaluate(async (url) => {
    const response = await fetch(`${url}/prove`, { method: 'POST', body: 'no witness' });
    const version = response.headers.get('x-nightshift-version');
    return { status: response.status, text: await response.text(), version };
  }, server);
  expect(refusal).toMatchObject({ status: 400, version: VERSION });
  expect(refusal.text).toMatch(/^expected header tag 'midnight:\(proof-preimage-versioned,.*', got 'no.witness'$/);
});

test('a page may send an API key and the headers of traces', async () => {
  const status = await page.evaluate(async (url) => {
    const headers = {
      'x-api-key': 'key',
      b3: '0',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
    };
    return (await fetch(`${url}/check`, { method: 'POST', headers, body: '' })).status;
  }, server);
  expect(status).toBe(400);
});

test('a page of the origin that is allowed to may use /v1, and reads the headers of its answers', async () => {
  const dApp = await browser.newPage();
  await dApp.goto(DAPP_ORIGIN);
  const answer = await dApp.evaluate(async (url) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'key', 'x-api-key': 'key' };
    const refused = await fetch(`${url}/v1/jobs`, { method: 'POST', headers, body: '{}' });
    const info = await fetch(`${url}/v1/info`);
    return { refused: refused.status, version: info.headers.get('x-nightshift-version'), info: await info.json() };
  }, server);
  expect(answer).toMatchObject({ refused: 400, version: VERSION, info: { name: 'nightshift' } });
});

test('a page of another origin may not', async () => {
  const asked = page.evaluate((url) => fetch(`${url}/v1/info`), server);
  await expect(asked).rejects.toThrow('Failed to fetch');
});
