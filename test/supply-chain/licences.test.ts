import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cargoDependencies } from '../../supply-chain/cargo.ts';
import { ALLOWED, isAllowed, licencesPage } from '../../supply-chain/licences.ts';
import { npmDependencies } from '../../supply-chain/npm.ts';
import { sbomOf } from '../../supply-chain/sbom.ts';

const npm = await npmDependencies();
const cargo = await cargoDependencies();

test('nothing is shipped whose licence is not allowed', () => {
  expect([...npm, ...cargo].filter(({ licence }) => !isAllowed(licence))).toEqual([]);
});

test('the list of licences is up to date: npm run licences', async () => {
  expect(await readFile('docs/licences.md', 'utf8')).toBe(licencesPage(npm, cargo));
});

test('cargo deny allows the same ones', async () => {
  const [, list = ''] = /^allow = \[\n([^\]]*)\]/m.exec(await readFile('layers/prover/deny.toml', 'utf8')) ?? [];
  expect([...list.matchAll(/"([^"]+)"/g)].map(([, licence]) => licence)).toEqual(ALLOWED);
});

test('what functions, client and prover are made of is among it, and what only tests need is not', () => {
  const names = [...npm, ...cargo].map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['@midnight-ntwrk/ledger-v8', 'hpke', 'zod', 'midnight-proofs', 'tslib']),
  );
  for (const name of ['vitest', 'aws-cdk-lib', 'smoldot', 'rmpv', 'nightshift-prover'])
    expect(names).not.toContain(name);
});

test.each([
  ['MIT', true],
  ['MIT OR GPL-3.0-or-later', true],
  ['(MIT OR Apache-2.0) AND Unicode-3.0', true],
  ['Apache-2.0 WITH LLVM-exception OR MIT', true],
  ['GPL-3.0-only', false],
  ['MIT AND GPL-3.0-only', false],
  ['MIT OR (Apache-2.0 AND GPL-3.0-only)', false],
  ['unknown', false],
  ['', false],
])('%s: %s', (licence, allowed) => {
  expect(isAllowed(licence)).toBe(allowed);
});

test('a bill of materials names each of them with licence and hash, and is the same for the same', () => {
  const bill = sbomOf('nightshift-prover', cargo);
  expect(bill).toEqual(sbomOf('nightshift-prover', cargo));
  expect(bill.serialNumber).not.toBe(sbomOf('nightshift', npm).serialNumber);
  expect(bill.components).toHaveLength(cargo.length);
  for (const { purl, licenses, hashes } of bill.components) {
    expect(purl).toMatch(/^pkg:cargo\/[\w-]+@\d+\.\d+\.\d+/);
    expect(licenses).toEqual([{ expression: expect.any(String) }]);
    expect(hashes).toEqual([{ alg: 'SHA-256', content: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  }
});
