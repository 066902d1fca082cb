/** Contracts registered from their ZKIR alone, and called through Midnight's own client, which has no keys at all. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { CostModel, type ProvingProvider } from '@midnight-ntwrk/ledger-v8';
import {
  httpClientProofProvider,
  httpClientProvingProvider,
} from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
import { ZKConfigProvider } from '@midnight-ntwrk/midnight-js-types';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CONTRACT_CIRCUITS } from '../generator/calls/contract-calls.ts';
import { binaryIr, irFile, isBuiltIn } from '../generator/circuits.ts';
import { generateTransaction } from '../generator/generate.ts';
import { verifierFile } from '../generator/keys.ts';
import { kOf, statementOf, verifies } from '../generator/native-prover.ts';
import { FAILING, SATISFYING } from '../generator/recorded.ts';
import { built, register } from '../stack/contracts.ts';
import { recording } from './recording.ts';

const LARGEST_BODY_BYTES = 1024;

/** What the client asks for keys. */
class NoKeys extends ZKConfigProvider<string> {
  override getZKIR = () => this.#none();
  override getProverKey = () => this.#none();
  override getVerifierKey = () => this.#none();
  #none = () => Promise.reject(new Error('There are no keys here.'));
}

const partsOf = (circuit: string) => circuit.split('/') as [contract: string, name: string];

/** Where the proof server of each contract is. */
const urls = new Map<string, string>();
const urlFor = (circuit: string) => urls.get(partsOf(circuit)[0]) as string;
const clientFor = (circuit: string): ProvingProvider => httpClientProvingProvider(urlFor(circuit), new NoKeys());

/** Registers an example contract, and waits until it is ready. */
async function bring(contract: string, circuits: string[]): Promise<void> {
  const named = circuits.map(async (circuit) => {
    const zkir = JSON.parse(await readFile(irFile(circuit), 'utf8'));
    return [partsOf(circuit)[1], { zkir }] as const;
  });
  const { state, links } = await built(await register({ circuits: Object.fromEntries(await Promise.all(named)) }));
  expect(state).toBe('ready');
  urls.set(contract, `${inject('baseUrl')}${links.prefix}`);
}

beforeAll(async () => {
  const byContract = Object.groupBy(CONTRACT_CIRCUITS, (circuit) => partsOf(circuit)[0]);
  await Promise.all(Object.entries(byContract).map(([contract, circuits = []]) => bring(contract, circuits)));
});

/** What is really sent: the client's requests for proofs, by the length of their bodies. */
const bodyBytes: number[] = [];
const noteBody = (message: unknown) => {
  const { request } = message as { request: ClientRequest };
  if (request.path.endsWith('/prove')) bodyBytes.push(Number(request.getHeader('content-length')));
};
beforeAll(() => subscribe('http.client.request.start', noteBody));
afterAll(() => unsubscribe('http.client.request.start', noteBody));

describe('a call is proved', () => {
  test.each(CONTRACT_CIRCUITS)('%s: from less than a kilobyte, and the proof verifies', async (circuit) => {
    const { transaction, ledger } = await generateTransaction(circuit);
    const { provider, proofs } = recording(clientFor(circuit));
    bodyBytes.length = 0;
    ledger.assertValid(await transaction.prove(provider, CostModel.initialCostModel()));

    expect(bodyBytes).toEqual([expect.toSatisfy((bytes: number) => 0 < bytes && bytes < LARGEST_BODY_BYTES)]);
    expect(proofs).toHaveLength(1);
    for (const { request, proof } of proofs) {
      const statement = await statementOf(request, irFile(circuit));
      expect(await verifies(proof, await verifierFile(circuit), statement)).toBe(true);
      expect(await verifies(proof, await verifierFile(circuit), statement.with(0, '1'))).toBe(false);
    }
  });

  test('in a transaction with a shielded output: circuits of the protocol are known under a contract, too', async () => {
    const { transaction, ledger } = await generateTransaction('midnight/zswap/output');
    const client = httpClientProofProvider(urlFor('fallible/count'), new NoKeys());
    ledger.assertValid(await client.proveTx(transaction));
  });
});

describe('a call is checked', () => {
  const ofContracts = SATISFYING.filter(({ circuit }) => !isBuiltIn(circuit));

  test.each(ofContracts)('$name: what is skipped is told', async ({ circuit, preimage, keyLocation, check }) => {
    expect(await clientFor(circuit).check(preimage, keyLocation)).toEqual(check);
  });

  test.each(FAILING)('$name: refused', async ({ circuit, preimage, keyLocation }) => {
    await expect(clientFor(circuit).check(preimage, keyLocation)).rejects.toThrow('code="400"');
    await expect(clientFor(circuit).prove(preimage, keyLocation)).rejects.toThrow('code="400"');
  });

  test('a circuit of another contract is none of this one', async () => {
    const [{ preimage, keyLocation }] = ofContracts as [(typeof ofContracts)[number]];
    await expect(clientFor('micro-dao/advance').check(preimage, keyLocation)).rejects.toThrow('code="400"');
  });
});

test.each(CONTRACT_CIRCUITS)('%s: /k tells its size', async (circuit) => {
  const response = await fetch(`${urlFor(circuit)}/k`, { method: 'POST', body: Uint8Array.from(binaryIr(circuit)) });
  expect(await response.text()).toBe(String(await kOf(irFile(circuit))));
});
