import { check } from '@midnight-ntwrk/zkir-v2';
import { describe, expect, test } from 'vitest';
import { composableGet } from './calls/composable-inner.ts';
import { type ContractCall, requestOf } from './calls/contract-call.ts';
import { CONTRACT_CIRCUITS } from './calls/contract-calls.ts';
import { fallibleCount } from './calls/fallible-count.ts';
import { merkleTreeStore } from './calls/simple-merkle-tree.ts';
import { tokenVaultNoShieldedBalance } from './calls/token-vault-shielded.ts';
import { tokenVaultDeposit } from './calls/token-vault-unshielded.ts';
import { binaryIr, irFile } from './circuits.ts';
import { CIRCUITS, generateRequest, generateTransaction } from './generate.ts';
import { keyFiles } from './keys.ts';
import { prove, statementOf, verifies } from './native-prover.ts';
import { seeded } from './random.ts';
import { recordedPreimage } from './recorded.ts';
import { uint } from './values.ts';
import { unprovenZswapOutput } from './zswap-output.ts';

/** Midnight's own answer to whether a preimage satisfies a circuit: it throws, or tells which public inputs are skipped. */
const officialCheck = (preimage: Uint8Array, circuit: string) =>
  check(preimage, {
    lookupKey: async () => ({ ir: binaryIr(circuit), proverKey: new Uint8Array(), verifierKey: new Uint8Array() }),
    getParams: () => Promise.reject(new Error('A check needs no parameters.')),
  });

describe.each(CIRCUITS)('%s', (circuit) => {
  test('a request is tagged and names its circuit', async () => {
    const { preimage, keyLocation } = await generateRequest(circuit);
    expect(Buffer.from(preimage).toString('latin1')).toMatch(/^midnight:proof-preimage:/);
    expect(`/${circuit}`).toMatch(new RegExp(`/${keyLocation}$`));
  });

  test('a request satisfies its circuit, says the official package', async () => {
    const { preimage } = await generateRequest(circuit);
    expect(await officialCheck(preimage, circuit)).not.toHaveLength(0);
  });

  test('a request satisfies its circuit, says the native prover', async () => {
    const request = await generateRequest(circuit);
    expect(await statementOf(request, irFile(circuit))).not.toHaveLength(0);
  });

  test('no request is like another', async () => {
    expect(await generateRequest(circuit)).not.toEqual(await generateRequest(circuit));
    expect(await generateRequest(circuit, seeded('one'))).not.toEqual(
      await generateRequest(circuit, seeded('another')),
    );
  });
});

test.each(CIRCUITS.filter((circuit) => circuit !== 'midnight/zswap/output'))(
  '%s: the statement starts with the binding input of the request',
  async (circuit) => {
    const request = await generateRequest(circuit);
    const [bound] = await statementOf(request, irFile(circuit));
    expect(bound).toBe(request.bindingInput?.toString());
  },
);

describe.each(CONTRACT_CIRCUITS)('%s', (circuit) => {
  test('a seed repeats the request', async () => {
    expect(await generateRequest(circuit, seeded('same'))).toEqual(await generateRequest(circuit, seeded('same')));
  });

  test('the proof of a request verifies', async () => {
    const request = await generateRequest(circuit);
    const keys = await keyFiles(circuit);
    const proof = await prove(request, irFile(circuit), keys);
    expect(await verifies(proof, keys.verifier, await statementOf(request, irFile(circuit)))).toBe(true);
  });

  test('a ledger takes the call', async () => {
    const { transaction, ledger } = await generateTransaction(circuit);
    expect(() => ledger.apply(transaction)).not.toThrow();
  });
});

test('a seed repeats the witness of a dust spend', async () => {
  const [one, other] = [
    await generateRequest('midnight/dust/spend', seeded('s')),
    await generateRequest('midnight/dust/spend', seeded('s')),
  ];
  expect(one.preimage).toEqual(other.preimage);
});

/** The recorded deposit is of one unit of this token. */
const color = Buffer.from('8cd4a0988deeebb6053aa90608e7019353e836d64546601a0f194dd2dff90dac', 'hex');

test.each<[string, ContractCall]>([
  ['fallible-count', fallibleCount()],
  ['composable-inner-get-1', composableGet(undefined, 'hello')],
  ['tv-getShieldedBalance-empty', tokenVaultNoShieldedBalance()],
  ['tv-depositUnshielded-1', tokenVaultDeposit(undefined, { color, amount: 1n })],
  ['smt-store-12', merkleTreeStore(undefined, uint(4, 12))],
])('the recorded preimage %s comes out again from its arguments', (name, call) => {
  expect(requestOf(call).preimage).toEqual(recordedPreimage(name));
});

test('a ledger refuses a transaction whose zswap proof is none', () => {
  const { transaction, ledger } = unprovenZswapOutput();
  expect(() => ledger.assertValid(transaction.mockProve())).toThrow('Invalid proof');
});
