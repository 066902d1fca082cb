/** `nightshift` against the running stack, started as its users start it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProofProvider } from '@midnight-ntwrk/midnight-js-types';
import { expect, inject, onTestFinished, test } from 'vitest';
import { STATE_ROOT } from '../../local/paths.ts';
import { contractInfo, folderOf } from '../cli/compiled.ts';
import { nightshift } from '../cli/run.ts';
import { binaryIr, irFile } from '../generator/circuits.ts';
import { generateTransaction } from '../generator/generate.ts';
import { ContractKeys, keyFiles } from '../generator/keys.ts';
import { contractView } from '../stack/contracts.ts';

const COUNT = 'fallible/count';
const GET = 'composable-inner/get';
const ESCAPE = '\u001b';

const push = (folder: string, ...options: string[]) =>
  nightshift(['push', folder, ...options], { NIGHTSHIFT_URL: inject('baseUrl') });

const zkirOf = (circuit: string) => readFile(irFile(circuit));
const verifierKeyOf = async (circuit: string) => readFile((await keyFiles(circuit)).verifier);

/** What the compiler writes for a contract with the circuits count and get. */
const compiled = async () => ({
  'compiler/contract-info.json': contractInfo([
    { name: 'count', pure: false, proof: true },
    { name: 'get', pure: false, proof: true },
    { name: 'twice', pure: true, proof: false },
  ]),
  'zkir/count.zkir': await zkirOf(COUNT),
  'zkir/count.bzkir': binaryIr(COUNT),
  'zkir/get.zkir': await zkirOf(GET),
  'keys/count.verifier': await verifierKeyOf(COUNT),
  'keys/get.verifier': await verifierKeyOf(GET),
});

test('push registers a contract, and prints how midnight-js proves its calls', async () => {
  const { code, stdout, stderr } = await push(await folderOf(await compiled()));
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^✓ Register 2 circuits\n✓ /);
  for (const circuit of ['count', 'get']) {
    const known = `✓ ${circuit} +k=6 · small · ZKIR [\\d.]+ kB · verifier key [\\d.]+ kB · prover key [\\d.]+ kB · derived in \\d+\\.\\d s`;
    expect(stderr).toMatch(new RegExp(`^${known}$`, 'm'));
  }
  expect(stderr + stdout).not.toContain(ESCAPE);
  const [url, ours, or, theirs, ...more] = stdout.trimEnd().split('\n\n');
  expect(url).toMatch(new RegExp(`^${inject('baseUrl')}/contracts/[0-9a-f]{64}$`));
  expect([or, more]).toEqual([expect.stringMatching(/^Or, .*:$/), []]);

  for (const code of [ours, theirs]) {
    const { transaction, ledger } = await generateTransaction(COUNT);
    const provider = await providerMadeBy(`${code}`, new ContractKeys('fallible'));
    ledger.assertValid(await provider.proveTx(transaction));
  }
});

/** Runs what push printed in a module of a dApp, beside the packages that it imports. */
async function providerMadeBy(code: string, zkConfigProvider: ContractKeys): Promise<ProofProvider> {
  const folder = await mkdtemp(join(STATE_ROOT, 'pasted-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const imports = code.match(/^import .*$/gm)?.join('\n');
  const rest = code.replace(/^import .*$/gm, '');
  const module = `${imports}\nexport function made(zkConfigProvider) {\n${rest}\nreturn proofProvider;\n}\n`;
  await writeFile(join(folder, 'pasted.ts'), module);
  return (await import(join(folder, 'pasted.ts'))).made(zkConfigProvider);
}

test('push --json prints the contract, and nothing else, on stdout', async () => {
  const folder = await folderOf(await compiled());
  const { code, stdout } = await push(folder, '--json');
  expect(code).toBe(0);
  const { id, ...contract } = contractView.parse(JSON.parse(stdout));
  expect(contract).toMatchObject({ state: 'ready', circuits: { count: { state: 'ready', lane: 'small' } } });
  const { stdout: plain } = await push(folder);
  expect(plain).toContain(id);
});

test('push --no-wait ends once the contract is registered', async () => {
  const { code, stdout, stderr } = await push(await folderOf(await compiled()), '--no-wait');
  expect(code).toBe(0);
  expect(stderr).toBe('✓ Register 2 circuits\n');
  expect(stdout).toContain(`httpClientProofProvider('${inject('baseUrl')}/contracts/`);
});

test('a verifier key of another circuit fails its circuit, and is named', async () => {
  const files = { ...(await compiled()), 'keys/count.verifier': await verifierKeyOf(GET) };
  const { code, stdout, stderr } = await push(await folderOf(files), '--json');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^✗ count /m);
  expect(stderr).toMatch(/^✓ get /m);
  expect(stderr).toMatch(/^✗ KEY_MISMATCH: keys\/count\.verifier: .*[0-9a-f]{64}.*[0-9a-f]{64}/m);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'failed', circuits: { get: { state: 'ready' } } });
});

test.each([
  [
    'ZKIR of another version',
    { 'zkir/get.zkir': '{"version": {"major": 3, "minor": 0}, "instructions": []}' },
    /^✗ INVALID_CIRCUIT: zkir\/get\.zkir: .*this is 3\.0/m,
  ],
  ['what is no ZKIR', { 'zkir/count.bzkir': 'x' }, /^✗ INVALID_CIRCUIT: zkir\/count\.bzkir: /m],
  ['what is no verifier key', { 'keys/count.verifier': 'x' }, /^✗ INVALID_CIRCUIT: keys\/count\.verifier: /m],
])('%s is refused, and named', async (_, wrong, reason) => {
  const { code, stdout, stderr } = await push(await folderOf({ ...(await compiled()), ...wrong }));
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^✗ Register 2 circuits$/m);
  expect(stderr).toMatch(reason);
});

test('ZKIR that does not fit into the request is uploaded', async () => {
  const large = Buffer.concat([await zkirOf(COUNT), Buffer.alloc(4_000_000, ' ')]);
  const { code, stderr } = await push(await folderOf({ 'zkir/count.zkir': large }));
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^✓ Upload zkir\/count\.zkir \(4(\.\d+)? MB\)\n✓ Register 1 circuit\n✓ count /);
});

test('prover keys are uploaded where that is asked for', async () => {
  const prover = await readFile((await keyFiles(COUNT)).prover);
  const { code, stderr } = await push(
    await folderOf({
      'zkir/count.zkir': await zkirOf(COUNT),
      'keys/count.verifier': await verifierKeyOf(COUNT),
      'keys/count.prover': prover,
    }),
    '--prover-keys',
  );
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^✓ Upload keys\/count\.prover/);
});

test('a prover key of another circuit is named', async () => {
  const { code, stderr } = await push(
    await folderOf({
      'zkir/count.zkir': await zkirOf(COUNT),
      'keys/count.verifier': await verifierKeyOf(COUNT),
      'keys/count.prover': await readFile((await keyFiles(GET)).prover),
    }),
    '--prover-keys',
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^✗ KEY_MISMATCH: keys\/count\.prover: /m);
});

test('development parameters are refused where they are switched off', async () => {
  for (const args of [
    ['push', await folderOf(await compiled()), '--dev'],
    ['params', 'dev', '--k', '6'],
  ]) {
    const { code, stdout, stderr } = await nightshift(args, { NIGHTSHIFT_URL: inject('baseUrl') });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^✗ FORBIDDEN: .*insecure, and switched off/m);
  }
});

test('a server that is not Nightshift, or not there, is told apart', async () => {
  const folder = await folderOf(await compiled());
  const elsewhere = await push(folder, '--url', `${inject('baseUrl')}/elsewhere`);
  expect(elsewhere.code).toBe(1);
  expect(elsewhere.stderr).toMatch(/^✗ UNEXPECTED_ANSWER: .*\/elsewhere\/v1\/contracts answered 404/m);
  const nowhere = await push(folder, '--url', 'http://nightshift.invalid');
  expect(nowhere.code).toBe(3);
  expect(nowhere.stderr).toMatch(/^✗ UNREACHABLE: http:\/\/nightshift\.invalid can't be reached: /m);
});

test('params lists what is at hand', async () => {
  const { code, stdout } = await nightshift(['params', '--json'], { NIGHTSHIFT_URL: inject('baseUrl') });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ midnight: Array.from({ length: 15 }, (_, k) => k) });
  const asText = await nightshift(['params'], { NIGHTSHIFT_URL: inject('baseUrl') });
  expect(asText.stdout).toMatch(/^Midnight's: k = 0, 1, .*, 14$/m);
});
