/** The JSON forms of Midnight's server for trusted execution environments, on the same paths. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Transaction } from '@midnight-ntwrk/ledger-v8';
import { describe, expect, inject, test, vi } from 'vitest';
import { pinnedParams } from '../../core/circuits/pins.ts';
import { PROOF_VERSIONS, WIRE_VERSION } from '../../core/version.ts';
import { builtInVerifierFile, irFile } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';
import { recordedPreimage } from '../generator/recorded.ts';

const baseUrl = inject('baseUrl');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

async function post(path: string, value: unknown) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${baseUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(value) });
  return { status: response.status, text: await response.text() };
}

async function getJson(path: string): Promise<unknown> {
  const response = await fetch(`${baseUrl}${path}`, { headers: { accept: 'application/json' } });
  expect(response.headers.get('content-type')).toBe('application/json');
  return response.json();
}

describe('POST /prove', () => {
  test('takes a witness with its circuit, and answers with the proof and what it took', async () => {
    const circuit_id = 'midnight/dust/spend';
    const { preimage, keyLocation } = await generateRequest(circuit_id);
    const { status, text } = await post('/prove', { witness: base64(preimage), circuit_id });
    expect(status).toBe(200);
    const { proof, ...rest } = JSON.parse(text);
    const positive = expect.toSatisfy((value: number) => value > 0);
    expect(rest).toEqual({
      job_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      duration_ms: positive,
      memory_used_mb: positive,
    });
    const statement = await statementOf({ preimage, keyLocation }, irFile(circuit_id));
    expect(await verifies(Buffer.from(proof, 'base64'), builtInVerifierFile(circuit_id), statement)).toBe(true);
  });

  test('refuses a circuit that it does not know', async () => {
    const witness = base64(recordedPreimage('fallible-count'));
    const { status, text } = await post('/prove', { witness, circuit_id: 'fallible/count' });
    expect(status).toBe(400);
    expect(text).toBe(
      'bad input: No circuit fallible/count here, and the request brings no keys for it. Register its contract, and name that.',
    );
  });
});

describe('POST /check', () => {
  test('tells that a preimage is valid', async () => {
    const { status, text } = await post('/check', { preimage: base64(recordedPreimage('zswap-output-user')) });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ valid: true, message: expect.any(String) });
  });

  test('tells that a preimage is not valid, and nothing of what is in it', async () => {
    const { status, text } = await post('/check', { preimage: base64(withOtherInput('zswap-output-user')) });
    expect(status).toBe(200);
    const { valid, message } = JSON.parse(text);
    expect(valid).toBe(false);
    expect(message).not.toBe('');
    expect(message).not.toMatch(/\d{12}|[0-9a-f]{16}/i);
  });
});

/** The preimage of that name with a bit changed in one of its inputs. */
function withOtherInput(name: string): Uint8Array {
  const preimage = Uint8Array.from(recordedPreimage(name));
  const within = 64;
  preimage[within] = (preimage[within] as number) ^ 1;
  return preimage;
}

test('POST /k takes the name of a circuit', async () => {
  const circuit_id = 'midnight/zswap/output';
  const { status, text } = await post('/k', { circuit_id });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ circuit_id, k: 14 });
});

test('POST /prove-tx takes a transaction', async () => {
  const transaction = await readFile('test/data/transactions/deploy.bin', 'base64');
  const { status, text } = await post('/prove-tx', { transaction });
  expect(status).toBe(200);
  const { transaction_proof, job_id } = JSON.parse(text);
  expect(job_id).toMatch(/^[0-9a-f-]{36}$/);
  const proven = Buffer.from(transaction_proof, 'base64');
  expect(Transaction.deserialize('signature', 'proof', 'pre-binding', proven).identifiers()).not.toEqual([]);
});

describe('where JSON is asked for', () => {
  test('GET /version', async () => {
    expect(await getJson('/version')).toEqual({ version: WIRE_VERSION, build: 'release' });
  });

  test('GET /proof-versions', async () => {
    expect(await getJson('/proof-versions')).toEqual({ supported_versions: PROOF_VERSIONS, current: 'V2' });
  });

  test('GET /ready has its counts under both servers’ names', async () => {
    const ready = { status: 'ok', jobsPending: 0, jobsProcessing: 0, queue_depth: 0, active_workers: 0 };
    // What tests before this one left to be done may take a moment.
    await vi.waitFor(async () => expect(await getJson('/ready')).toMatchObject(ready), 60_000);
  });

  test('GET /fetch-params/8 tells where to download the parameters', async () => {
    const { k, params_url } = (await getJson('/fetch-params/8')) as { k: number; params_url: string };
    expect(k).toBe(8);
    const params = await (await fetch(params_url)).bytes();
    expect(createHash('sha256').update(params).digest('hex')).toBe(pinnedParams(8));
  });
});

test.each([
  ['/prove', { witness: 7, circuit_id: 'midnight/dust/spend' }, /^expected header tag '.*', got '.*'$/],
  ['/prove', ['witness'], /^expected header tag '.*', got '.*'$/],
  ['/check', { witness: '' }, /^expected header tag '.*', got '.*'$/],
  ['/prove-tx', { transaction: 'no base64!' }, /^expected header tag '.*', got '.*'$/],
  ['/k', { circuit: 'midnight/zswap/output' }, /^Unsupported ZKIR version/],
])('POST %s of JSON that is none of these (%j) gets the reference’s 400', async (path, value, words) => {
  const { status, text } = await post(path, value);
  expect(status).toBe(400);
  expect(text).toMatch(words);
});
