/**
 * The behaviours that the reference's own tests hold it to, by number. 12 to 15 and 28 need settings of their own, and a
 * file of their own.
 */
import { readFile } from 'node:fs/promises';
import {
  createCheckPayload,
  createProvingPayload,
  createProvingTransactionPayload,
  parseCheckResult,
  Transaction,
  type UnprovenTransaction,
} from '@midnight-ntwrk/ledger-v8';
import { jsonIrToBinary, Zkir } from '@midnight-ntwrk/zkir-v2';
import { describe, expect, inject, test } from 'vitest';
import { WIRE_VERSION } from '../../core/version.ts';
import { fallibleCount } from '../generator/calls/fallible-count.ts';
import { unprovenDeploy } from '../generator/calls/unproven-call.ts';
import { builtInVerifierFile, irFile } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { verifierFile } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';
import { seeded } from '../generator/random.ts';

const baseUrl = inject('baseUrl');
const ZEROS = new Uint8Array(100);
const NOTHING = new Uint8Array();

async function ask(method: string, path: string, body?: Uint8Array | string, headers: Record<string, string> = {}) {
  const given = typeof body === 'string' ? body : body && Uint8Array.from(body);
  const response = await fetch(`${baseUrl}${path}`, { method, headers, body: given ?? null });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, bytes, text: new TextDecoder().decode(bytes) };
}

const get = (path: string) => ask('GET', path);
const post = (path: string, body: Uint8Array) => ask('POST', path, body);

describe('what the server is', () => {
  test.each([
    [1, '/'],
    [2, '/health'],
  ])('%i GET %s answers that it is ok', async (_, path) => {
    const { status, text } = await get(path);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ status: 'ok' });
  });

  test('3 GET /version answers the version', async () => {
    expect(await get('/version')).toMatchObject({ status: 200, text: WIRE_VERSION });
  });

  test('4 GET /proof-versions has V2 in it', async () => {
    const { status, text } = await get('/proof-versions');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toContain('V2');
  });
});

test.each([
  [5, '/prove-tx'],
  [19, '/k'],
  [22, '/check'],
  [26, '/prove'],
])('%i GET %s answers 404', async (_, path) => {
  expect((await get(path)).status).toBe(404);
});

describe('POST /prove-tx', () => {
  const deploy = async () =>
    unprovenDeploy(fallibleCount(), await readFile(await verifierFile('fallible/count'))).transaction;
  const bodyOf = (transaction: UnprovenTransaction) => createProvingTransactionPayload(transaction, new Map());

  test('6 refuses an empty body: 400', async () => {
    const { status, text } = await post('/prove-tx', NOTHING);
    expect(status).toBe(400);
    expect(text).toMatch(/^expected header tag '.*', got ''$/);
  });

  test('7 refuses JSON: 400', async () => {
    const json = { 'content-type': 'application/json' };
    const { status, text } = await ask('POST', '/prove-tx', '{"key": "value"}', json);
    expect(status).toBe(400);
    expect(text).toContain('expected header tag');
  });

  test('8 answers a deploy transaction, which has no proofs in it, with a proven transaction', async () => {
    const transaction = await deploy();
    const { status, bytes } = await post('/prove-tx', bodyOf(transaction));
    expect(status).toBe(200);
    const proven = Transaction.deserialize('signature', 'proof', 'pre-binding', bytes);
    expect(proven.identifiers()).toEqual(transaction.identifiers());
  });

  test('9 refuses a body sent twice: 400', async () => {
    const body = bodyOf(await deploy());
    const { status, text } = await post('/prove-tx', Buffer.concat([body, body]));
    expect(status).toBe(400);
    expect(text).toMatch(/^Not all bytes read deserializing '.*'; \d+ bytes remaining$/);
    expect(text).toContain(`; ${body.length} bytes`);
  });

  test('10 refuses a body with fifty random edits: 400', async () => {
    const body = bodyOf(await deploy());
    const random = seeded('fifty edits');
    for (let edit = 0; edit < 50; edit++) {
      const [at, value] = [Buffer.from(random(4)).readUInt32LE() % body.length, random(1)];
      body.set(value, at);
    }
    expect((await post('/prove-tx', body)).status).toBe(400);
  });

  test('11 answers ten at once', async () => {
    const body = bodyOf(await deploy());
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('/prove-tx', body)));
    expect(answers.map(({ status }) => status)).toEqual(new Array(10).fill(200));
  });
});

describe('POST /k', () => {
  test('16 answers the k of a circuit', async () => {
    const minimal = { version: { major: 2, minor: 0 }, num_inputs: 1, do_communications_commitment: false };
    const json = JSON.stringify({ ...minimal, instructions: [] });
    const k = String(Zkir.fromJson(json).getK());
    expect(await post('/k', jsonIrToBinary(json))).toMatchObject({ status: 200, text: k });
  });

  test.each([
    [17, 'an empty body', NOTHING],
    [18, 'zeros', ZEROS],
  ])('%i refuses %s: 400', async (_, _what, body) => {
    const { status, text } = await post('/k', body);
    expect(status).toBe(400);
    expect(text).toContain('Unsupported ZKIR version');
  });
});

describe('POST /check', () => {
  test.each([
    [20, 'an empty body', NOTHING],
    [21, 'zeros', ZEROS],
  ])('%i refuses %s: 400', async (_, _what, body) => {
    expect((await post('/check', body)).status).toBe(400);
  });

  test('23 answers the check of a zswap output that brings no circuit', async () => {
    const { preimage } = await generateRequest('midnight/zswap/output');
    const { status, bytes } = await post('/check', createCheckPayload(preimage));
    expect(status).toBe(200);
    expect(parseCheckResult(bytes)).not.toHaveLength(0);
  });
});

describe('POST /prove', () => {
  test.each([
    [24, 'an empty body', NOTHING],
    [25, 'zeros', ZEROS],
  ])('%i refuses %s: 400', async (_, _what, body) => {
    expect((await post('/prove', body)).status).toBe(400);
  });

  test('27 proves a zswap output that brings no keys', async () => {
    const circuit = 'midnight/zswap/output';
    const request = await generateRequest(circuit);
    const { status, bytes } = await post('/prove', createProvingPayload(request.preimage, undefined));
    expect(status).toBe(200);
    expect(Buffer.from(bytes).toString('latin1')).toMatch(/^midnight:proof-versioned:/);
    const statement = await statementOf(request, irFile(circuit));
    expect(await verifies(bytes, builtInVerifierFile(circuit), statement)).toBe(true);
  });
});

describe('GET /fetch-params', () => {
  test('29 refuses k=30: 400', async () => {
    expect(await get('/fetch-params/30')).toMatchObject({ status: 400, text: 'k=30 out of range' });
  });

  test('30 answers k=8 with success', async () => {
    expect(await get('/fetch-params/8')).toMatchObject({ status: 200, text: 'success' });
  });

  test('tells why parameters can’t be had', async () => {
    const text = expect.stringMatching(/^PARAMS_UNAVAILABLE: The public parameters for k=16 could not be had from /);
    expect(await get('/fetch-params/16')).toMatchObject({ status: 400, text });
  });

  test('forbids development parameters where they are switched off', async () => {
    const text = expect.stringMatching(/^FORBIDDEN: .*insecure/);
    expect(await get('/fetch-params/8?parameters=development')).toMatchObject({ status: 403, text });
  });
});
