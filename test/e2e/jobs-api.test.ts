import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createCheckPayload, createProvingTransactionPayload, Transaction } from '@midnight-ntwrk/ledger-v8';
import { describe, expect, inject, test } from 'vitest';
import { generateTransaction } from '../generator/generate.ts';
import { verifies } from '../generator/native-prover.ts';
import { endOf, get, jobView, postJob, submitJob } from '../stack/api.ts';

const preimage = (name: string) => readFile(`test/data/preimages/${name}.preimage.bin`);

describe('POST /v1/jobs', () => {
  test('answers 202 with the job and where to find it', async () => {
    const circuit = 'midnight/dust/spend';
    const response = await postJob(
      JSON.stringify({ circuit, preimage: (await preimage('dust-spend')).toString('base64') }),
    );
    expect(response.status).toBe(202);
    const job = jobView.parse(await response.json());
    expect(job).toMatchObject({ circuit, k: 13, lane: 'medium', state: 'queued', attempts: 0 });
    expect(response.headers.get('location')).toBe(job.links.self);
    await endOf(job);
  });

  test('proves a built-in circuit with a binding input, and the proof verifies against the answered statement', async () => {
    const bindingInput = '27803944750923959266501579382103303330704530768669167727714962494534498299741';
    const submitted = await submitJob('midnight/dust/spend', await preimage('dust-spend'), bindingInput);
    const job = await endOf(submitted);
    const timings = { queuedMs: expect.any(Number), keysMs: expect.any(Number), proveMs: expect.any(Number) };
    expect(job).toMatchObject({ id: submitted.id, state: 'succeeded', attempts: 1, timings });
    const statement = job.statement ?? [];
    expect(statement[0]).toBe(bindingInput);

    const proof = await get(job.links.proof);
    expect(proof.headers.get('content-type')).toBe('application/octet-stream');
    const bytes = Buffer.from(await proof.arrayBuffer());
    expect(bytes.toString('base64')).toBe(job.proof);
    const verifier = 'layers/prover/assets/midnight/dust/spend.verifier';
    expect(await verifies(bytes, verifier, statement)).toBe(true);
    expect(await verifies(bytes, verifier, [...statement.slice(0, -1), '1'])).toBe(false);
  });

  test('a circuit whose keys are missing ends with PARAMS_UNAVAILABLE, at once', async () => {
    const job = await endOf(await submitJob('midnight/zswap/spend', await preimage('zswap-spend-user-1')));
    const error = { code: 'PARAMS_UNAVAILABLE', message: expect.stringContaining('k=15') };
    expect(job).toMatchObject({ state: 'failed', attempts: 1, error });
    const proof = await get(job.links.proof);
    expect(proof.status).toBe(503);
    expect(await proof.json()).toMatchObject({ code: 'PARAMS_UNAVAILABLE' });
  });

  test.each([
    ['no JSON', '{', /The body is not valid JSON\./],
    ['fields of the wrong kind', '{"circuit": 7, "preimage": "§"}', /circuit: .*; preimage: /],
    ['an unknown field', '{"circuit": "midnight/zswap/output", "preimage": "", "colour": "red"}', /colour/],
    ['a preimage that is none', '{"circuit": "midnight/zswap/output", "preimage": "AAAA"}', /expected header tag/],
  ])('refuses %s as INVALID_REQUEST', async (_, body, detail) => {
    const response = await postJob(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', detail: expect.stringMatching(detail) });
  });

  test('refuses a circuit nobody knows', async () => {
    const body = { circuit: 'increment', preimage: (await preimage('fallible-count')).toString('base64') };
    const response = await postJob(JSON.stringify(body));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'CIRCUIT_NOT_FOUND' });
  });
});

describe('a job from its submission to its end', () => {
  const body = async () => ({
    circuit: 'midnight/dust/spend',
    preimage: (await preimage('dust-spend')).toString('base64'),
  });
  const post = (form: object, headers: Record<string, string> = {}, target = '/v1/jobs') =>
    fetch(`${inject('baseUrl')}${target}`, {
      method: 'POST',
      body: form instanceof Uint8Array ? Uint8Array.from(form) : JSON.stringify(form),
      headers: {
        'content-type': form instanceof Uint8Array ? 'application/octet-stream' : 'application/json',
        ...headers,
      },
    });

  test('is told what it is expected to take, and what it took', async () => {
    const labels = { order: '7' };
    const submitted = jobView.parse(await (await post({ ...(await body()), labels, deadlineSeconds: 600 })).json());
    const estimate = { queuedMs: expect.any(Number), keysMs: expect.any(Number), proveMs: expect.any(Number) };
    expect(submitted).toMatchObject({ labels, deadlineAt: expect.any(String), estimate });
    const job = await endOf(submitted);
    expect(job).toMatchObject({ state: 'succeeded', costUsd: expect.any(Number), peakMemoryMb: expect.any(Number) });
    const listed = await (await get('/v1/jobs?label=order:7')).json();
    expect(listed).toMatchObject({ jobs: expect.arrayContaining([expect.objectContaining({ id: job.id })]) });
  });

  test('comes to the same job when it is submitted again with its key', async () => {
    const form = await body();
    const headers = { 'idempotency-key': randomUUID() };
    const [first, second] = [await post(form, headers), await post(form, headers)];
    expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([
      null,
      'true',
    ]);
    const job = jobView.parse(await first.json());
    expect(await second.json()).toMatchObject({ id: job.id });
    expect((await post({ ...form, bindingInput: '7' }, headers)).status).toBe(409);
    await endOf(job);
  });

  test('can be cancelled, and is then gone from its queue', async () => {
    const slow = {
      circuit: 'midnight/zswap/output',
      preimage: (await preimage('zswap-output-user')).toString('base64'),
    };
    const job = jobView.parse(await (await post(slow)).json());
    const answer = await fetch(`${inject('baseUrl')}${job.links.self}`, { method: 'DELETE' });
    expect(await answer.json()).toMatchObject({ state: 'cancelled', error: { code: 'CANCELLED' } });
    const proof = await get(job.links.proof);
    expect(proof.status).toBe(409);
    expect(await proof.json()).toMatchObject({ code: 'CANCELLED' });
  });

  test('gives its proof as JSON, too', async () => {
    const job = await endOf(jobView.parse(await (await post(await body())).json()));
    const answer = await fetch(`${inject('baseUrl')}${job.links.proof}`, { headers: { accept: 'application/json' } });
    expect(await answer.json()).toEqual({ proof: job.proof, statement: job.statement });
  });

  test('a tagged body says by its header whether it is a check or a transaction', async () => {
    const check = await post(Buffer.from(createCheckPayload(await preimage('dust-spend'), undefined)));
    expect(await endOf(jobView.parse(await check.json()))).toMatchObject({ operation: 'check', state: 'succeeded' });
    const { transaction } = await generateTransaction('midnight/dust/spend');
    const body = Buffer.from(createProvingTransactionPayload(transaction, new Map()));
    const submitted = jobView.parse(await (await post(body)).json());
    const whole = await endOf(submitted);
    expect(whole).toMatchObject({ operation: 'transaction', state: 'succeeded', parts: [expect.any(String)] });
    const proven = new Uint8Array(await (await get(whole.links.proof)).arrayBuffer());
    Transaction.deserialize('signature', 'proof', 'pre-binding', proven);
    expect((await post(body, {}, '/v1/jobs?lane=large')).status).toBe(400);
  });
});

describe('GET /v1/jobs/{id}', () => {
  test('knows no job that was never submitted', async () => {
    const response = await get(`/v1/jobs/${randomUUID()}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ status: 404, code: 'JOB_NOT_FOUND' });
  });

  test.each(['/v1/jobs/7', `/v1/jobs/${randomUUID()}?wait=soon`, `/v1/jobs/${randomUUID()}?wait=1000`])(
    'refuses %s',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST' });
    },
  );
});

test('a circuit name of any length is answered, not stored', async () => {
  const body = JSON.stringify({ circuit: 'x'.repeat(100_000), preimage: '' });
  expect(await (await postJob(body)).json()).toMatchObject({ code: 'INVALID_REQUEST' });
});
