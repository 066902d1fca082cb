/** The client in a page of another origin, in Chromium. */
import { readFile } from 'node:fs/promises';
import { Transaction } from '@midnight-ntwrk/ledger-v8';
import { expect, inject, test } from 'vitest';
import { bundleForBrowser } from '../browser/bundle.ts';
import { launchChromium } from '../browser/chromium.ts';
import type { Page as DApp } from '../browser/client-page.ts';
import { DAPP_ORIGIN, serveSite } from '../browser/site.ts';
import { irFile } from '../generator/circuits.ts';
import { generateTransaction } from '../generator/generate.ts';
import { verifierFile } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';

const CIRCUIT = 'fallible/count';

test('has a transaction proven, which is valid, and whose proof verifies', async () => {
  await using site = await serveSite({ '/page.js': await bundleForBrowser('test/browser/client-page.ts') });
  await using browser = await launchChromium(site);
  const page = await browser.newPage();
  await page.goto(DAPP_ORIGIN);
  await page.waitForFunction(() => 'prove' in globalThis);

  const submitted: object[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/v1/jobs') submitted.push(request.postDataJSON());
  });
  const { transaction, ledger } = await generateTransaction(CIRCUIT);
  const asked = {
    url: inject('baseUrl'),
    unproven: transaction.serialize(),
    zkir: await readFile(irFile(CIRCUIT), 'utf8'),
  };
  const { proofs, proven } = await page.evaluate(
    ({ url, unproven, zkir }) => (globalThis as unknown as DApp).prove(url, unproven, { count: zkir }),
    asked,
  );

  // A check and a proof: Node opens what the browser sealed.
  expect(submitted).toHaveLength(2);
  for (const form of submitted) {
    expect(form).toMatchObject({ sealed: expect.any(String) });
    expect(form).not.toHaveProperty('preimage');
  }
  ledger.assertValid(Transaction.deserialize('signature', 'proof', 'pre-binding', proven));
  expect(proofs).toHaveLength(1);
  for (const { request, proof } of proofs) {
    const statement = await statementOf(request, irFile(CIRCUIT));
    expect(await verifies(proof, await verifierFile(CIRCUIT), statement)).toBe(true);
    expect(await verifies(proof, await verifierFile(CIRCUIT), statement.with(0, '1'))).toBe(false);
  }
});
