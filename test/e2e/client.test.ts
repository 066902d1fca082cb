/** The client package against the running stack. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  createProvingPayload,
  createProvingTransactionPayload,
  parseCheckResult,
  Transaction,
} from '@midnight-ntwrk/ledger-v8';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Job, Nightshift, NightshiftError } from '../../client/index.ts';
import { VERSION } from '../../core/version.ts';
import { irFile } from '../generator/circuits.ts';
import { generateRequest, generateTransaction } from '../generator/generate.ts';
import { keyFiles, verifierFile } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';
import type { ProofRequest } from '../generator/proof-request.ts';
import { FAILING, SATISFYING } from '../generator/recorded.ts';

const CIRCUIT = 'fallible/count';
const DUST = 'midnight/dust/spend';

const nightshift = new Nightshift({ url: inject('baseUrl') });

let contract: string;

beforeAll(async () => {
  const zkir = await readFile(irFile(CIRCUIT), 'utf8');
  const verifierKey = await readFile(await verifierFile(CIRCUIT));
  const registered = await nightshift.push({ circuits: { count: { zkir, verifierKey } } });
  expect(registered).toMatchObject({ state: 'ready', circuits: { count: { state: 'ready', k: 6 } } });
  contract = registered.id;
});

/** A fresh call of the contract. */
const freshCall = async (request?: ProofRequest) => {
  const { preimage, bindingInput } = request ?? (await generateRequest(CIRCUIT));
  return { circuit: 'count', contract, preimage, bindingInput };
};

describe('prove', () => {
  test('comes to a proof that verifies, and to its statement', async () => {
    const request = await generateRequest(CIRCUIT);
    const { proof, statement, job } = await nightshift.prove(await freshCall(request));
    expect(statement).toEqual(await statementOf(request, irFile(CIRCUIT)));
    expect(await verifies(proof, await verifierFile(CIRCUIT), statement)).toBe(true);
    expect(job).toMatchObject({ state: 'succeeded', circuit: 'count', contract, attempts: 1 });
    expect(await nightshift.result(job)).toEqual(proof);
  });

  test('knows the built-in circuits without a contract', async () => {
    const { preimage, bindingInput } = await generateRequest(DUST);
    const { proof, statement } = await nightshift.prove({ circuit: DUST, preimage, bindingInput });
    expect(await verifies(proof, await verifierFile(DUST), statement)).toBe(true);
  });

  test('tells how the job gets on', async () => {
    const states: Job['state'][] = [];
    await nightshift.prove(await freshCall(), { onProgress: ({ state }) => states.push(state) });
    expect(states[0]).toBe('queued');
    expect(states.at(-1)).toBe('succeeded');
  });

  test.each(FAILING)('$name: rejects with what the job ended with', async ({ circuit, preimage }) => {
    expect(circuit).toBe(CIRCUIT);
    const error = await nightshift.prove({ circuit: 'count', contract, preimage }).catch((error) => error);
    expect(error).toBeInstanceOf(NightshiftError);
    expect(error).toMatchObject({ code: 'INVALID_WITNESS', jobId: expect.any(String) });
    const { state, error: ofJob } = await nightshift.job(error.jobId);
    expect({ state, ...ofJob }).toEqual({ state: 'failed', code: error.code, message: error.message });
    await expect(nightshift.result(error.jobId)).rejects.toMatchObject({ code: error.code, jobId: error.jobId });
  });

  test('of a circuit that is not there is refused, and nothing more is asked', async () => {
    const request = { ...(await freshCall()), circuit: 'nothing' };
    await expect(nightshift.prove(request)).rejects.toMatchObject({ code: 'CIRCUIT_NOT_FOUND', status: 404 });
  });

  test('with the key of a call that was made before comes to the same job', async () => {
    const [request, options] = [await freshCall(), { idempotencyKey: randomUUID() }];
    const [first, second] = await Promise.all([nightshift.prove(request, options), nightshift.prove(request, options)]);
    expect(second.job.id).toBe(first.job.id);
    expect(second.proof).toEqual(first.proof);
    const other = nightshift.prove(await freshCall(), options);
    await expect(other).rejects.toMatchObject({ code: 'CONFLICT', status: 409 });
  });
});

describe('submit', () => {
  test('takes an id, a deadline and labels', async () => {
    const [id, labels] = [randomUUID(), { wallet: '7', 'who what': 'a:b=c&d' }];
    const job = await nightshift.submit({ ...(await freshCall()), id, deadlineSeconds: 600, labels });
    expect(job).toMatchObject({ id, labels, state: 'queued' });
    expect(Date.parse(job.deadlineAt ?? '') - Date.parse(job.createdAt)).toBe(600_000);
    expect(await nightshift.wait(id)).toMatchObject({ id, state: 'succeeded' });
  });

  test('checks without a proof', async () => {
    const { preimage, check } = SATISFYING.find(({ circuit }) => circuit === CIRCUIT) ?? expect.fail();
    const job = await nightshift.submit({ operation: 'check', circuit: 'count', contract, preimage });
    const ended = await nightshift.wait(job);
    expect(ended).toMatchObject({ operation: 'check', state: 'succeeded' });
    expect(parseCheckResult(await nightshift.result(ended))).toEqual(check);
  });

  test('takes the body of /prove, with its options beside it', async () => {
    const { preimage, bindingInput } = await generateRequest(CIRCUIT);
    const body = createProvingPayload(preimage, bindingInput);
    const labels = { via: 'body:of/prove' };
    const job = await nightshift.submitTagged(body, { contract, deadlineSeconds: 600, labels });
    expect(job).toMatchObject({ contract, labels, deadlineAt: expect.any(String) });
    const statement = await statementOf({ keyLocation: 'count', preimage, bindingInput }, irFile(CIRCUIT));
    const proof = await nightshift.result(await nightshift.wait(job));
    expect(await verifies(proof, await verifierFile(CIRCUIT), statement)).toBe(true);
  });

  test('takes a transaction, and its result is the proven one', async () => {
    const { transaction, ledger } = await generateTransaction('midnight/zswap/output');
    const job = await nightshift.submitTagged(createProvingTransactionPayload(transaction, new Map()));
    const ended = await nightshift.wait(job);
    expect(ended).toMatchObject({ operation: 'transaction', state: 'succeeded', parts: [expect.any(String)] });
    const bytes = await nightshift.result(ended);
    ledger.assertValid(Transaction.deserialize('signature', 'proof', 'pre-binding', bytes));
  });
});

describe('verify', () => {
  test('says of a proof whether it holds, and why not', async () => {
    const { proof, statement } = await nightshift.prove(await freshCall());
    const claim = { circuit: 'count', contract, proof, statement };
    expect(await nightshift.verify(claim)).toEqual({ valid: true });
    const other = { ...claim, statement: statement.with(0, '1') };
    expect(await nightshift.verify(other)).toEqual({ valid: false, reason: expect.any(String) });
    expect(await nightshift.verify([claim, other, claim])).toEqual({
      valid: false,
      items: [{ valid: true }, { valid: false, reason: expect.any(String) }, { valid: true }],
    });
  });
});

describe('check', () => {
  test('says that a preimage can be proved, and what that takes', async () => {
    expect(await nightshift.check(await freshCall())).toMatchObject({
      satisfied: true,
      estimate: { circuit: 'count', contract, k: 6, lane: 'small', proveMs: expect.any(Number) },
    });
  });

  test.each(FAILING)('says why one can not: $name', async ({ preimage }) => {
    const { satisfied, reason } = await nightshift.check({ circuit: 'count', contract, preimage });
    expect([satisfied, reason]).toEqual([false, expect.any(String)]);
  });
});

test('estimate says what a proof takes', async () => {
  const estimate = await nightshift.estimate({ circuit: DUST });
  expect(estimate).toMatchObject({ circuit: DUST, k: 13, lane: 'medium', costUsd: expect.any(Number) });
  expect(estimate.proveMs).toBeGreaterThan((await nightshift.estimate({ circuit: 'count', contract })).proveMs);
});

describe('a batch', () => {
  const size = 5;

  test('comes to the proofs, each item failing alone, and its jobs are listed', async () => {
    const labels = { batch: randomUUID() };
    const requests = await Promise.all(Array.from({ length: size }, () => freshCall()));
    const unreadable = { circuit: 'count', contract, preimage: Uint8Array.of(1) };
    const items = [...requests, unreadable].map((request) => ({ ...request, labels }));
    const batch = await nightshift.waitBatch(await nightshift.submitBatch(items));
    expect(batch.items.map(({ state }) => state)).toEqual([...requests.map(() => 'succeeded'), 'failed']);
    expect(batch.items.at(-1)?.error?.code).toBe('INVALID_REQUEST');
    expect((await nightshift.batch(batch.id)).items).toEqual(batch.items);

    const listed = await Array.fromAsync(nightshift.jobs({ labels, state: 'succeeded' }));
    const proved = batch.items.slice(0, size).map(({ job }) => job);
    expect(listed.map(({ id }) => id).sort()).toEqual(proved.sort());
    const times = listed.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().reverse());
  });
});

describe('push', () => {
  test('of a contract that is there is the same contract, whether ZKIR comes in the request or by upload', async () => {
    const text = await readFile(irFile(CIRCUIT), 'utf8');
    const verifierKey = await readFile(await verifierFile(CIRCUIT));
    // White space means nothing in JSON, and takes as much room as anything.
    const large = text.replace('{', `{${' '.repeat(5_000_000)}`);
    for (const zkir of [text, new TextEncoder().encode(text), large]) {
      expect((await nightshift.push({ circuits: { count: { zkir, verifierKey } } })).id).toBe(contract);
    }
    expect((await nightshift.registered(contract)).state).toBe('ready');
  });

  test('of a verifier key that is not the circuit’s names the circuit', async () => {
    const zkir = await readFile(irFile(CIRCUIT));
    const { verifier } = await keyFiles('composable-inner/get');
    const pushed = nightshift.push({ circuits: { count: { zkir, verifierKey: await readFile(verifier) } } });
    await expect(pushed).rejects.toMatchObject({ code: 'KEY_MISMATCH', message: expect.stringMatching(/^count: /) });
  });
});

test('info tells what it is', async () => {
  expect(await nightshift.info()).toMatchObject({ name: 'nightshift', version: VERSION });
});

test('an address that has no Nightshift is told as that', async () => {
  const elsewhere = new Nightshift({ url: `${inject('baseUrl')}/elsewhere/` });
  await expect(elsewhere.info()).rejects.toMatchObject({
    code: 'UNEXPECTED_ANSWER',
    message: expect.stringContaining('/elsewhere/v1/info answered 404'),
  });
});
