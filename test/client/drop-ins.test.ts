/** What the drop-ins make of a server that does as the test says. */
import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ProvingProvider, UnprovenTransaction } from '@midnight-ntwrk/ledger-v8';
import { createVerifierKey, createZKIR } from '@midnight-ntwrk/midnight-js-types';
import { expect, test } from 'vitest';
import { type Job, Nightshift } from '../../client/index.ts';
import { proveTransaction, provingProvider } from '../../client/ledger.ts';
import { nightshiftProofProvider } from '../../client/midnight-js.ts';
import { urlOf } from '../cli/server.ts';
import { generateTransaction } from '../generator/generate.ts';
import { withSealingKey } from './sealing-server.ts';

const CONTRACT = 'a'.repeat(64);
const CREATED = '2026-01-01T00:00:00.000Z';

function contract(state: 'building' | 'ready') {
  return {
    id: CONTRACT,
    state,
    parameters: 'midnight',
    createdAt: CREATED,
    circuits: { count: { state, k: 6, zkirSha256: CONTRACT, zkirBytes: 1 } },
    links: { self: `/v1/contracts/${CONTRACT}`, prefix: `/contracts/${CONTRACT}` },
  };
}

function job(state: Job['state'], more: Partial<Job> = {}): Job {
  const links = { self: '/v1/jobs/1', proof: '/v1/jobs/1/proof' };
  return {
    id: randomUUID(),
    operation: 'prove',
    state,
    lane: 'small',
    createdAt: CREATED,
    attempts: 0,
    links,
    ...more,
  };
}

type Answer = { status?: number; json: unknown } | 'none';

/** A client for a server that is asked by lines such as `GET /v1/jobs`. */
async function serving(answerTo: (line: string) => Answer): Promise<{ nightshift: Nightshift; lines: string[] }> {
  const lines: string[] = [];
  const answers: RequestListener = async (incoming, outgoing) => {
    await buffer(incoming);
    const line = `${incoming.method} ${incoming.url}`;
    lines.push(line);
    const answer = answerTo(line);
    if (answer !== 'none') outgoing.writeHead(answer.status ?? 200).end(JSON.stringify(answer.json));
  };
  return { nightshift: new Nightshift({ url: await urlOf(withSealingKey(answers)) }), lines };
}

const files = {
  getZKIR: async () => createZKIR(Uint8Array.of(1)),
  getVerifierKey: async () => createVerifierKey(Uint8Array.of(2)),
};

/** A transaction of one call, as far as a ProvingProvider sees it. */
const call = {
  prove: (provider: ProvingProvider) => provider.prove(Uint8Array.of(1), 'count'),
} as unknown as UnprovenTransaction;

test('midnight-js gives up when its time-out passes while keys are derived, which goes on for the next call', async () => {
  let state: 'building' | 'ready' = 'building';
  const { nightshift, lines } = await serving((line) => {
    if (line === 'POST /v1/jobs') return { json: job('succeeded', { statement: ['1'], proof: 'AQID' }) };
    return { json: contract(state) };
  });
  const { proveTx } = nightshiftProofProvider(nightshift, files);
  await expect(proveTx(call, { timeout: 100 })).rejects.toMatchObject({ name: 'TimeoutError' });
  state = 'ready';
  expect(await proveTx(call)).toEqual(Uint8Array.of(1, 2, 3));
  expect(lines.filter((line) => line === 'POST /v1/contracts')).toHaveLength(1);
});

test('midnight-js registers a contract once more that is not there any more', async () => {
  const refused = { status: 404, json: { code: 'CONTRACT_NOT_FOUND', detail: 'No such contract.' } };
  const answers = [refused, { json: job('succeeded', { statement: ['1'], proof: 'AQID' }) }, refused, refused];
  const { nightshift, lines } = await serving((line) => {
    return line === 'POST /v1/jobs' ? (answers.shift() ?? 'none') : { json: contract('ready') };
  });
  const { proveTx } = nightshiftProofProvider(nightshift, files);
  expect(await proveTx(call)).toEqual(Uint8Array.of(1, 2, 3));
  const registration = 'POST /v1/contracts';
  const submission = 'POST /v1/jobs';
  expect(lines).toEqual([registration, submission, registration, submission]);
  await expect(proveTx(call)).rejects.toMatchObject({ code: 'CONTRACT_NOT_FOUND' });
});

test('a call that is given up while it is checked leaves no check behind', async () => {
  const { transaction } = await generateTransaction('fallible/count');
  const [reason, controller] = [new Error('The user closed the dialog.'), new AbortController()];
  const cancelled = Promise.withResolvers<string>();
  const queued = job('queued', { operation: 'check' });
  const { nightshift } = await serving((line) => {
    if (line.startsWith('GET')) {
      controller.abort(reason);
      return 'none';
    }
    if (line.startsWith('DELETE')) cancelled.resolve(line);
    return { json: queued };
  });
  const proven = proveTransaction(nightshift, transaction, { contract: CONTRACT, signal: controller.signal });
  await expect(proven).rejects.toBe(reason);
  expect(await cancelled.promise).toBe(`DELETE /v1/jobs/${queued.id}`);
});

test('a check that comes to nothing tells why, and of which job', async () => {
  const error = { code: 'INVALID_WITNESS', message: 'It does not hold.' };
  const ended = job('failed', { operation: 'check', error });
  const { nightshift, lines } = await serving(() => ({ json: ended }));
  const checked = provingProvider(nightshift).check(Uint8Array.of(1), 'count');
  await expect(checked).rejects.toMatchObject({ ...error, jobId: ended.id });
  expect(lines).toEqual(['POST /v1/jobs']);
});
