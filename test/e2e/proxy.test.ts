/** `nightshift proxy` before a deployment that lies under a path and wants a key: clients that know neither get their proofs. */
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  CostModel,
  createCheckPayload,
  createProvingPayload,
  createProvingTransactionPayload,
  parseCheckResult,
} from '@midnight-ntwrk/ledger-v8';
import {
  httpClientProofProvider,
  httpClientProvingProvider,
} from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
import { zkConfigToProvingKeyMaterial } from '@midnight-ntwrk/midnight-js-types';
import { HttpProverClient } from '@midnight-ntwrk/wallet-sdk-prover-client';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type RunningProxy, startProxy } from '../../cli/proxy/server.ts';
import { BODY_TOO_LARGE } from '../../core/http/reference-words.ts';
import { MAX_BODY_BYTES } from '../../core/limits.ts';
import { binaryIr, irFile } from '../generator/circuits.ts';
import { generateTransaction } from '../generator/generate.ts';
import { ContractKeys } from '../generator/keys.ts';
import { FAILING, recordedPreimage, SATISFYING } from '../generator/recorded.ts';
import { built, register } from '../stack/contracts.ts';
import { API_KEY, type Guarded, guarded } from '../stack/guarded.ts';
import { expectAsRecorded } from './as-recorded.ts';
import { EXCHANGES, ORIGIN } from './recorded-exchanges.ts';

const COUNT = 'fallible/count';
const JOB_ID = /^[0-9a-f-]{36}$/;

let deployment: Guarded;
let proxy: RunningProxy;
let contract: string;
const lines: string[] = [];

beforeAll(async () => {
  deployment = await guarded(inject('baseUrl'));
  const circuits = { count: { zkir: JSON.parse(await readFile(irFile(COUNT), 'utf8')) } };
  contract = (await built(await register({ circuits }))).id;
  proxy = await startProxy({
    deployment: { url: deployment.url, apiKey: API_KEY },
    port: 0,
    contract,
    log: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await proxy.close(AbortSignal.abort());
  await deployment.close();
});
beforeEach(() => {
  lines.length = 0;
  deployment.letIn.length = 0;
});

async function post(path: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
  const response = await fetch(`${proxy.url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : Uint8Array.from(body),
    headers,
  });
  const bytes = await response.bytes();
  return { status: response.status, headers: response.headers, bytes, text: new TextDecoder().decode(bytes) };
}

describe('wallet-sdk, which drops the path and knows no key', () => {
  test('proves a transaction through the jobs API, and the ledger verifies it', async () => {
    const { transaction, ledger } = await generateTransaction('midnight/zswap/output');
    const client = new HttpProverClient({ url: proxy.url });
    ledger.assertValid(await client.proveTransaction(transaction, CostModel.initialCostModel()));
    expect(deployment.letIn[0]).toBe('POST /v1/jobs');
    expect(deployment.letIn.filter((asked) => !asked.includes('/v1/jobs'))).toEqual([]);
  });

  test('proves a call of the contract that the proxy was started with', async () => {
    const { transaction, ledger } = await generateTransaction(COUNT);
    const client = new HttpProverClient({ url: proxy.url });
    ledger.assertValid(await client.proveTransaction(transaction, CostModel.initialCostModel()));
  });

  test('is told why a proof is refused', async () => {
    const { transaction } = await generateTransaction('composable-inner/get');
    const refused = new HttpProverClient({ url: proxy.url }).proveTransaction(
      transaction,
      CostModel.initialCostModel(),
    );
    expect(await refused.catch(inspect)).toMatch(/bad input: .*No circuit get/);
  });
});

describe('midnight-js', () => {
  test('proves a transaction with keys in the request, and the ledger verifies it', async () => {
    const { transaction, ledger } = await generateTransaction(COUNT);
    const provider = httpClientProofProvider(proxy.url, new ContractKeys('fallible'));
    ledger.assertValid(await provider.proveTx(transaction));
  });

  test('proves a call below the contract of the path', async () => {
    const { transaction, ledger } = await generateTransaction(COUNT);
    const noKeys = { get: () => Promise.reject(new Error('The server has the keys.')) } as never;
    const provider = httpClientProofProvider(`${proxy.url}/contracts/${contract}`, noKeys);
    ledger.assertValid(await provider.proveTx(transaction));
  });

  test.each(FAILING)('is refused where the witness does not satisfy its circuit: $name', async (failing) => {
    const keys = new ContractKeys(failing.circuit.split('/')[0] as string);
    const client = httpClientProvingProvider(proxy.url, keys);
    await expect(client.prove(failing.preimage, failing.keyLocation)).rejects.toThrow('code="400"');
    const material = zkConfigToProvingKeyMaterial(await keys.get(failing.keyLocation));
    const { status, text, headers } = await post('/prove', createProvingPayload(failing.preimage, undefined, material));
    expect([status, text]).toEqual([400, expect.stringMatching(/^bad input: .+/)]);
    expect(headers.get('x-job-id')).toMatch(JOB_ID);
  });
});

describe('what the wire has besides', () => {
  const [satisfying] = SATISFYING.filter(({ name }) => name === 'fallible-count');

  test('a check tells what is skipped, also from a packed body', async () => {
    const { preimage, circuit, check } = satisfying as NonNullable<typeof satisfying>;
    const body = createCheckPayload(preimage, binaryIr(circuit));
    const plain = await post('/check', body);
    expect(parseCheckResult(plain.bytes)).toEqual(check);
    const packed = await post('/check', gzipSync(body), { 'content-encoding': 'gzip' });
    expect(parseCheckResult(packed.bytes)).toEqual(check);
  });

  test('a whole transaction comes back proven', async () => {
    const { transaction } = await generateTransaction('midnight/dust/spend');
    const { status, bytes } = await post('/prove-tx', createProvingTransactionPayload(transaction, new Map()));
    expect(status).toBe(200);
    expect(new TextDecoder('latin1').decode(bytes)).toMatch(/^midnight:transaction/);
    expect(deployment.letIn[0]).toBe('POST /v1/jobs');
  });

  test('JSON bodies are passed on', async () => {
    const preimage = Buffer.from(recordedPreimage('zswap-output-user')).toString('base64');
    const { status, text } = await post('/check', JSON.stringify({ preimage }), { 'content-type': 'application/json' });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ valid: true });
  });

  test.each([
    ['GET', '/prove'],
    ['POST', '/health'],
    ['GET', '/v1/jobs'],
    ['POST', '/v1/jobs'],
    ['GET', '/nowhere'],
  ])('%s %s is not of the wire: 404, and nothing of it reaches the deployment', async (method, path) => {
    const response = await fetch(`${proxy.url}${path}`, { method });
    expect([response.status, await response.text()]).toEqual([404, '']);
    expect(deployment.letIn).toEqual([]);
  });

  test('a body that is too large is refused here, and told the way out', async () => {
    const body = new Uint8Array(MAX_BODY_BYTES + 1);
    body.set(createProvingPayload(recordedPreimage('fallible-count'), undefined));
    const { status, text } = await post('/prove', body);
    expect([status, text]).toEqual([413, expect.stringContaining(BODY_TOO_LARGE)]);
    expect(text).toContain('nightshift push');
    expect(deployment.letIn).toEqual([]);
  });
});

describe('recorded exchanges of the reference server, without a contract', () => {
  let plain: RunningProxy;
  beforeAll(async () => {
    const url = { url: deployment.url, apiKey: API_KEY };
    plain = await startProxy({ deployment: url, port: 0, allowedOrigins: [ORIGIN.origin], log: () => undefined });
  });
  afterAll(() => plain.close(AbortSignal.abort()));

  test.each(EXCHANGES)('$method $path ($case)', (exchange) => expectAsRecorded(plain.url, exchange));
});

test('each request is a line, with its job and without what was in it', async () => {
  const { headers } = await post(
    '/prove?secret=7',
    createProvingPayload(recordedPreimage('fallible-count'), undefined),
  );
  await expect.poll(() => lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^POST \/prove 200 \d+\.\d s [0-9a-f-]{36}$/);
  expect(lines[0]).toContain(headers.get('x-job-id'));
});
