/** Midnight's own client packages, unchanged, against the running stack. */
import { inspect } from 'node:util';
import { CostModel, createCheckPayload, createProvingPayload, parseCheckResult } from '@midnight-ntwrk/ledger-v8';
import {
  httpClientProofProvider,
  httpClientProvingProvider,
} from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
import { zkConfigToProvingKeyMaterial } from '@midnight-ntwrk/midnight-js-types';
import { HttpProverClient } from '@midnight-ntwrk/wallet-sdk-prover-client';
import { describe, expect, inject, test } from 'vitest';
import { binaryIr, irFile } from '../generator/circuits.ts';
import { generateTransaction, SAMPLE } from '../generator/generate.ts';
import { ContractKeys, verifierFile } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';
import { FAILING, SATISFYING } from '../generator/recorded.ts';
import { recording } from './recording.ts';

const baseUrl = inject('baseUrl');
const keysFor = (circuit: string) => new ContractKeys(circuit.split('/')[0] as string);

/** Posts to a compatible endpoint without a client in between. */
async function post(endpoint: string, payload: Uint8Array) {
  const response = await fetch(`${baseUrl}${endpoint}`, { method: 'POST', body: Uint8Array.from(payload) });
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, body, text: new TextDecoder().decode(body) };
}

describe('ledger-v8 proves a transaction', () => {
  test.each(SAMPLE)('with %s in it, and each proof verifies', async (circuit) => {
    const { transaction, ledger } = await generateTransaction(circuit);
    const { provider, proofs } = recording(httpClientProvingProvider(baseUrl, keysFor(circuit)));
    ledger.assertValid(await transaction.prove(provider, CostModel.initialCostModel()));

    const verifier = await verifierFile(circuit);
    expect(proofs).toHaveLength(1);
    for (const { request, proof } of proofs) {
      const statement = await statementOf(request, irFile(circuit));
      expect(await verifies(proof, verifier, statement)).toBe(true);
      const ofAnotherTransaction = statement.with(0, '1');
      expect(await verifies(proof, verifier, ofAnotherTransaction)).toBe(false);
    }
  });
});

test('midnight-js proves a transaction, and the ledger verifies it', async () => {
  const circuit = 'midnight/zswap/output';
  const { transaction, ledger } = await generateTransaction(circuit);
  ledger.assertValid(await httpClientProofProvider(baseUrl, keysFor(circuit)).proveTx(transaction));
});

describe('wallet-sdk', () => {
  const client = new HttpProverClient({ url: baseUrl });

  test('proves a transaction, and the ledger verifies it', async () => {
    const { transaction, ledger } = await generateTransaction('midnight/zswap/output');
    ledger.assertValid(await client.proveTransaction(transaction, CostModel.initialCostModel()));
  });

  test('is told why a transaction is refused', async () => {
    const { transaction } = await generateTransaction('fallible/count');
    const refused = client.proveTransaction(transaction, CostModel.initialCostModel());
    await expect(refused).rejects.toThrow('Failed to prove transaction');
    // The error shows its cause only where it is printed.
    expect(await refused.catch(inspect)).toContain('bad input: No circuit count here');
  });
});

describe('a witness that satisfies its circuit', () => {
  test.each(SATISFYING)('$name: a check tells what is skipped', async ({ preimage, circuit, check }) => {
    const answer = await post('/check', createCheckPayload(preimage, binaryIr(circuit)));
    expect(answer.status).toBe(200);
    expect(parseCheckResult(answer.body)).toEqual(check);
  });
});

describe.each(FAILING)('a witness that does not satisfy its circuit: $name', ({ preimage, circuit, keyLocation }) => {
  const client = httpClientProvingProvider(baseUrl, keysFor(circuit));

  test('the official client gets an error from check and prove', async () => {
    await expect(client.check(preimage, keyLocation)).rejects.toThrow('code="400"');
    await expect(client.prove(preimage, keyLocation)).rejects.toThrow('code="400"');
  });

  test('the body says that the input is bad, why, and nothing of the witness', async () => {
    const keys = zkConfigToProvingKeyMaterial(await keysFor(circuit).get(keyLocation));
    const answers = [
      await post('/check', createCheckPayload(preimage, keys.ir)),
      await post('/prove', createProvingPayload(preimage, undefined, keys)),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(400);
      expect(text).toMatch(/^bad input\b.+/);
      expect(text).not.toMatch(/[0-9a-f]{16}/i);
    }
  });
});
