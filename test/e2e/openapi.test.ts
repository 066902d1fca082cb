/** Every operation, asked well and asked badly: the answers are as the document says that is served. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { batchView } from '../../core/api/batches.ts';
import { API_PAYLOAD_BYTES, MAX_UNPACKED_BYTES } from '../../core/limits.ts';
import document from '../../docs/openapi.json' with { type: 'json' };
import { conformed } from '../api/conforms.ts';
import { type OpenApi, operationsOf } from '../api/document.ts';
import { irFile } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { verifierFile } from '../generator/keys.ts';
import { ask, endOf, get, type JobView, jobView, post } from '../stack/api.ts';
import { built, type ContractView, postContract, register } from '../stack/contracts.ts';

const COUNT = 'fallible/count';
const UNSATISFYING = 'NEGATIVE-fallible-count-first-true';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const file = async (path: string): Promise<string> => base64(await readFile(path));
const recorded = (preimage: string): Promise<string> => file(`test/data/preimages/${preimage}.preimage.bin`);

const nobody = randomUUID();
let contract: ContractView;
let preimage: Uint8Array;

beforeAll(async () => {
  contract = await register({ circuits: { count: { zkir: await file(irFile(COUNT)) } } });
  ({ preimage } = await generateRequest(COUNT));
});

const jobForm = (changes: object = {}) => ({
  circuit: 'count',
  contract: contract.id,
  preimage: base64(preimage),
  ...changes,
});

const submit = (form: unknown): Promise<Response> => post('/v1/jobs', JSON.stringify(form));

async function taken(answer: Promise<Response>): Promise<JobView> {
  const response = await answer;
  expect(response.status).toBe(202);
  return jobView.parse(await response.json());
}

describe('jobs', () => {
  test('are taken, followed and listed, and their proof can be had', async () => {
    const labels = { asked: randomUUID() };
    const job = await taken(submit(jobForm({ labels, deadlineSeconds: 300, bindingInput: '7' })));
    await get(`${job.links.self}?wait=25&after=queued`);
    expect(await endOf(job)).toMatchObject({ state: 'succeeded' });
    expect((await get(job.links.proof)).headers.get('content-type')).toBe('application/octet-stream');
    const asJson = await ask('GET', job.links.proof, { headers: { accept: 'application/json' } });
    expect(asJson.headers.get('content-type')).toBe('application/json');
    const listed = await get(`/v1/jobs?label=asked:${labels.asked}&state=succeeded&limit=1`);
    expect(await listed.json()).toMatchObject({ jobs: [{ id: job.id }] });
  });

  test('may be checks and transactions', async () => {
    expect(await endOf(await taken(submit(jobForm({ operation: 'check' }))))).toMatchObject({ state: 'succeeded' });
    const body = Uint8Array.from(await readFile('test/data/transactions/dust-spend.bin'));
    const transaction = await taken(ask('POST', '/v1/jobs?label=wallet:7&deadlineSeconds=60', { body }));
    expect(await endOf(transaction)).toMatchObject({ state: 'succeeded' });
    expect((await get(transaction.links.proof)).status).toBe(200);
    expect((await get(`/v1/jobs?parent=${transaction.id}`)).status).toBe(200);
  });

  test('may be submitted twice, as tagged bytes', async () => {
    const path = `/v1/jobs?contract=${contract.id}`;
    const headers = { 'idempotency-key': randomUUID() };
    const twice = { body: Uint8Array.from(createProvingPayload(preimage, undefined)), headers };
    const { id } = await taken(ask('POST', path, twice));
    const again = await ask('POST', path, twice);
    expect([again.headers.get('idempotent-replayed'), await again.json()]).toEqual([
      'true',
      expect.objectContaining({ id }),
    ]);
    expect((await ask('POST', path, { ...twice, body: 'other' })).status).toBe(409);
  });

  test('may come to nothing', async () => {
    const unsatisfied = await endOf(await taken(submit(jobForm({ preimage: await recorded(UNSATISFYING) }))));
    expect((await get(unsatisfied.links.proof)).status).toBe(400);
    const withoutKeys = { circuit: 'midnight/zswap/spend', preimage: await recorded('zswap-spend-user-1') };
    const keyless = await endOf(await taken(submit(withoutKeys)));
    expect((await get(keyless.links.proof)).status).toBe(503);
  });

  test('may be cancelled', async () => {
    const form = { circuit: 'midnight/zswap/output', preimage: await recorded('zswap-output-user') };
    const { links } = await taken(submit(form));
    expect((await get(links.proof)).status).toBe(409);
    const cancelled = await ask('DELETE', links.self);
    expect([cancelled.status, await cancelled.json()]).toEqual([200, expect.objectContaining({ state: 'cancelled' })]);
    expect((await get(links.proof)).status).toBe(409);
  });

  test.each([
    ['what is no job', () => ({ circuit: 7 }), 400],
    ['a circuit that the contract does not have', () => jobForm({ circuit: 'other' }), 404],
    ['a contract that nobody registered', () => jobForm({ contract: '0'.repeat(64) }), 404],
    ['development parameters', () => jobForm({ contract: `dev-${'0'.repeat(64)}` }), 403],
  ])('are refused: %s', async (_, form, status) => {
    expect((await submit(form())).status).toBe(status);
  });

  test('are refused that are too large, as they come and once they are unpacked', async () => {
    expect((await ask('POST', '/v1/jobs', { body: new Uint8Array(API_PAYLOAD_BYTES + 1) })).status).toBe(413);
    const body = Uint8Array.from(gzipSync(new Uint8Array(MAX_UNPACKED_BYTES + 1)));
    expect((await ask('POST', '/v1/jobs', { body, headers: { 'content-encoding': 'gzip' } })).status).toBe(413);
  });
});

test('a batch is taken, followed and cancelled', async () => {
  const items = [jobForm(), jobForm({ preimage: await recorded(UNSATISFYING) }), jobForm({ circuit: 'other' })];
  const response = await post('/v1/batches', JSON.stringify({ items }));
  expect(response.status).toBe(202);
  let batch = batchView.parse(await response.json());
  while (batch.state !== 'ended') batch = batchView.parse(await (await get(`${batch.links.self}?wait=25`)).json());
  expect(batch.items.map(({ state }) => state)).toEqual(['succeeded', 'failed', 'failed']);
  expect((await ask('DELETE', batch.links.self)).status).toBe(200);
});

describe('circuits', () => {
  const asked = async (path: string, form: unknown) => {
    const response = await post(path, JSON.stringify(form));
    return [response.status, await response.json()];
  };

  test('are estimated', async () => {
    const { circuit, contract } = jobForm();
    expect(await asked('/v1/estimate', { circuit, contract })).toEqual([200, expect.objectContaining({ k: 6 })]);
    expect(await asked('/v1/estimate', { circuit: 'other', contract })).toMatchObject([404, {}]);
  });

  test('are checked against preimages', async () => {
    expect(await asked('/v1/check', jobForm())).toMatchObject([200, { satisfied: true }]);
    const unsatisfying = jobForm({ preimage: await recorded(UNSATISFYING) });
    expect(await asked('/v1/check', unsatisfying)).toMatchObject([200, { satisfied: false }]);
    expect(await asked('/v1/check', jobForm({ preimage: '' }))).toMatchObject([400, {}]);
  });

  test('are what proofs are verified for', async () => {
    await built(contract);
    const { circuit, contract: id } = jobForm();
    const { proof, statement } = await endOf(await taken(submit(jobForm())));
    const claim = { circuit, contract: id, proof, statement };
    expect(await asked('/v1/verify', claim)).toMatchObject([200, { valid: true }]);
    const items = [claim, { ...claim, statement: ['7'] }];
    expect(await asked('/v1/verify', { items })).toMatchObject([200, { valid: false, items: [{}, { valid: false }] }]);
    expect(await asked('/v1/verify', { ...claim, circuit: 'other' })).toMatchObject([404, {}]);
    expect(await asked('/v1/verify', {})).toMatchObject([400, {}]);
  });
});

describe('contracts', () => {
  test('are registered and followed, whatever becomes of them', async () => {
    const get = {
      zkir: await file(irFile('composable-inner/get')),
      verifierKey: await file(await verifierFile(COUNT)),
    };
    expect(await built(await register({ circuits: { get } }))).toMatchObject({ state: 'failed' });
    expect(await built(contract)).toMatchObject({ state: 'ready' });
  });

  test.each([
    ['no circuits', { circuits: {} }, 400],
    ['development parameters', { circuits: { count: { zkir: 'AAAA' } }, parameters: 'development' }, 403],
  ])('are refused: %s', async (_, form, status) => {
    expect((await postContract(form)).status).toBe(status);
  });

  test('may be uploaded in parts', async () => {
    expect((await post('/v1/uploads', JSON.stringify({ sha256: '0'.repeat(64), bytes: 7 }))).status).toBe(201);
  });
});

test.each([
  ['GET', '/v1/jobs?limit=0', 400],
  ['GET', '/v1/jobs/7', 400],
  ['GET', `/v1/jobs/${nobody}`, 404],
  ['GET', `/v1/jobs/${nobody}/proof`, 404],
  ['GET', `/v1/jobs/${nobody}/proof?wait=26`, 400],
  ['DELETE', `/v1/jobs/${nobody}`, 404],
  ['POST', '/v1/batches', 400],
  ['GET', `/v1/batches/${nobody}`, 404],
  ['DELETE', `/v1/batches/${nobody}`, 404],
  ['GET', `/v1/contracts/${'0'.repeat(64)}`, 404],
  ['POST', '/v1/uploads', 400],
])('%s %s is refused', async (method, path, status) => {
  expect((await ask(method, path)).status).toBe(status);
});

test('what the deployment says of itself', async () => {
  expect((await get('/v1/info')).status).toBe(200);
  expect((await get('/v1/sealing-key')).status).toBe(200);
  expect((await get('/v1/parameters')).status).toBe(200);
  expect((await get('/v1/usage')).status).toBe(200);
  const served = await get('/v1/openapi.json');
  expect(await served.json()).toEqual(document);
});

test('a page that may not ask is told so, whatever it asks for', async () => {
  for (const { method, path } of await operations()) {
    const asked = path.replace('{id}', nobody);
    expect((await ask(method, asked, { headers: { origin: 'http://elsewhere.example' } })).status).toBe(403);
  }
});

test('every operation has been held against the document, in what it grants and in what it refuses', async () => {
  const asked = await operations();
  const granted = asked.map(({ method, path }) => [method, path, expect.stringMatching(/^2/)]);
  // Whoever may ask at all is granted these.
  const unconditional = ['/v1/info', '/v1/usage', '/v1/sealing-key', '/v1/parameters', '/v1/openapi.json'];
  const refusable = asked.filter(({ path }) => !unconditional.includes(path));
  const refused = refusable.map(({ method, path }) => [method, path, expect.stringMatching(/^4(?!03)/)]);
  const answered = [...conformed].map((one) => one.split(' '));
  expect(answered).toEqual(expect.arrayContaining([...granted, ...refused]));
});

const operations = async () => operationsOf((await (await get('/v1/openapi.json')).json()) as OpenApi);
