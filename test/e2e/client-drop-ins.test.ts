/** The client package in the place of Midnight's own clients: with the real ledger, midnight-js and wallet-sdk. */
import { readFile } from 'node:fs/promises';
import { CostModel } from '@midnight-ntwrk/ledger-v8';
import { createVerifierKey, createZKIR, ZKConfigProvider } from '@midnight-ntwrk/midnight-js-types';
import type { ProvingService, UnboundTransaction } from '@midnight-ntwrk/wallet-sdk-capabilities/proving';
import { beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { Nightshift, NightshiftError, type Proof } from '../../client/index.ts';
import { proveTransaction, provingProvider } from '../../client/ledger.ts';
import { nightshiftProofProvider } from '../../client/midnight-js.ts';
import { provingService } from '../../client/wallet-sdk.ts';
import { binaryIr, irFile } from '../generator/circuits.ts';
import { type Circuit, generateTransaction } from '../generator/generate.ts';
import { verifierFile } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';
import type { ProofRequest } from '../generator/proof-request.ts';
import { FAILING, SATISFYING } from '../generator/recorded.ts';
import { unprovenZswapOutputs } from '../generator/zswap-output.ts';
import { recording } from './recording.ts';

const COUNT = 'fallible/count';
const OUTPUT = 'midnight/zswap/output';
const LARGEST_BODY_BYTES = 1536;

const nightshift = new Nightshift({ url: inject('baseUrl') });

let contract: string;

beforeAll(async () => {
  contract = (await nightshift.push({ circuits: { count: { zkir: binaryIr(COUNT) } } })).id;
});

async function expectProofOf(circuit: string, request: ProofRequest, proof: Uint8Array): Promise<void> {
  const statement = await statementOf(request, irFile(circuit));
  const verifier = await verifierFile(circuit);
  expect(await verifies(proof, verifier, statement)).toBe(true);
  expect(await verifies(proof, verifier, statement.with(0, '1'))).toBe(false);
}

describe('ledger-v8', () => {
  const ofLedger = () => provingProvider(nightshift, { contract });

  test.each<Circuit>([COUNT, OUTPUT, 'midnight/dust/spend'])('proves a transaction with %s in it', async (circuit) => {
    const { transaction, ledger } = await generateTransaction(circuit);
    const { provider, proofs } = recording(ofLedger());
    ledger.assertValid(await transaction.prove(provider, CostModel.initialCostModel()));
    expect(proofs).toHaveLength(1);
    for (const { request, proof } of proofs) await expectProofOf(circuit, request, proof);
  });

  const known = [COUNT, OUTPUT, 'midnight/dust/spend'];
  test.each(SATISFYING.filter(({ circuit }) => known.includes(circuit)))(
    '$name: a check tells what is skipped',
    async ({ preimage, keyLocation, check }) => {
      expect(await ofLedger().check(preimage, keyLocation)).toEqual(check);
    },
  );

  test.each(FAILING)('$name: a check tells what is wrong', async ({ preimage, keyLocation }) => {
    const error = await ofLedger()
      .check(preimage, keyLocation)
      .catch((error) => error);
    expect(error).toBeInstanceOf(NightshiftError);
    expect(error).toMatchObject({ code: 'INVALID_WITNESS', jobId: expect.any(String) });
  });

  test('proves the proofs of a transaction side by side', async () => {
    const { transaction, ledger } = unprovenZswapOutputs(2);
    ledger.assertValid(await proveTransaction(nightshift, transaction));
  });

  test('is told the code of what is refused', async () => {
    const { transaction } = await generateTransaction(COUNT);
    const error = await proveTransaction(nightshift, transaction).catch((error) => error);
    expect(error).toBeInstanceOf(NightshiftError);
    expect(error).toMatchObject({ code: 'CIRCUIT_NOT_FOUND', message: expect.stringContaining('count') });
  });
});

describe('midnight-js', () => {
  /** What a dApp has of its contract. Nobody needs the prover key. */
  class CircuitFiles extends ZKConfigProvider<'count'> {
    override getZKIR = vi.fn(async () => createZKIR(binaryIr(COUNT)));
    override getVerifierKey = vi.fn(async () => createVerifierKey(await readFile(await verifierFile(COUNT))));
    override getProverKey = () => Promise.reject(new Error('The prover key is not to be fetched.'));
  }

  /** Keeps what goes to the server, and the proofs that come back. */
  class Listening extends Nightshift {
    readonly proofs: { request: ProofRequest; proof: Uint8Array }[] = [];
    readonly #sent: { path: string; body: string }[] = [];

    constructor() {
      super({
        url: inject('baseUrl'),
        fetch: (url, init) => {
          if (init?.method === 'POST') this.#sent.push({ path: new URL(`${url}`).pathname, body: `${init.body}` });
          return fetch(url, init);
        },
      });
    }

    bodiesTo(wanted: string): string[] {
      return this.#sent.filter(({ path }) => path === wanted).map(({ body }) => body);
    }

    override async prove(...asked: Parameters<Nightshift['prove']>): Promise<Proof> {
      const [{ circuit, preimage, bindingInput }] = asked;
      const proven = await super.prove(...asked);
      const request = {
        keyLocation: circuit,
        preimage,
        bindingInput: bindingInput === undefined ? undefined : BigInt(bindingInput),
      };
      this.proofs.push({ request, proof: proven.proof });
      return proven;
    }
  }

  test('proves calls of a contract, which is registered once, and sends preimages only', async () => {
    const nightshift = new Listening();
    const files = new CircuitFiles();
    const { proveTx } = nightshiftProofProvider(nightshift, files);
    const call = async () => {
      const { transaction, ledger } = await generateTransaction(COUNT);
      ledger.assertValid(await proveTx(transaction));
    };
    await Promise.all([call(), call()]);
    await call();

    expect(nightshift.bodiesTo('/v1/contracts')).toHaveLength(1);
    expect(files.getZKIR.mock.calls).toEqual([['count']]);
    expect(files.getVerifierKey.mock.calls).toEqual([['count']]);
    for (const body of nightshift.bodiesTo('/v1/jobs')) expect(body.length).toBeLessThan(LARGEST_BODY_BYTES);
    expect(nightshift.proofs).toHaveLength(3);
    for (const { request, proof } of nightshift.proofs) await expectProofOf(COUNT, request, proof);
  });

  test('knows Midnight’s own circuits without files', async () => {
    const { transaction, ledger } = await generateTransaction(OUTPUT);
    const files = new CircuitFiles();
    ledger.assertValid(await nightshiftProofProvider(nightshift, files).proveTx(transaction));
    expect(files.getZKIR).not.toHaveBeenCalled();
  });

  test('asks again for files that could not be had', async () => {
    const { transaction, ledger } = await generateTransaction(COUNT);
    const files = new CircuitFiles();
    files.getZKIR.mockRejectedValueOnce(new Error('The page is offline.'));
    const { proveTx } = nightshiftProofProvider(nightshift, files);
    await expect(proveTx(transaction)).rejects.toThrow(/^The page is offline\.$/);
    ledger.assertValid(await proveTx(transaction));
  });

  test('is told that the contract’s keys are not those of its circuit', async () => {
    const { transaction } = await generateTransaction(COUNT);
    const files = new CircuitFiles();
    files.getVerifierKey.mockImplementation(async () =>
      createVerifierKey(await readFile(await verifierFile('composable-inner/get'))),
    );
    const error = await nightshiftProofProvider(nightshift, files)
      .proveTx(transaction)
      .catch((error) => error);
    expect(error).toBeInstanceOf(NightshiftError);
    expect(error).toMatchObject({ code: 'KEY_MISMATCH' });
  });
});

describe('wallet-sdk', () => {
  const service: ProvingService<UnboundTransaction> = provingService(nightshift);

  test('proves a transaction, and the ledger verifies it', async () => {
    const { transaction, ledger } = await generateTransaction(OUTPUT);
    ledger.assertValid(await service.prove(transaction));
  });

  test('is told why a transaction is refused', async () => {
    const { transaction } = await generateTransaction(COUNT);
    const refused = service.prove(transaction);
    await expect(refused).rejects.toMatchObject({ name: 'NightshiftError', code: 'CIRCUIT_NOT_FOUND' });
    await expect(refused).rejects.not.toThrow('Failed to prove transaction');
  });
});
