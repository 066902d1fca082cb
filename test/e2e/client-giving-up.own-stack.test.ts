/** Proofs that are not waited for to the end, with a prover that holds them as long as the test says. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Job, type ListedJob, Nightshift } from '../../client/index.ts';
import { proveTransaction } from '../../client/ledger.ts';
import { nightshiftProofProvider } from '../../client/midnight-js.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import type { LocalStack } from '../../local/stack.ts';
import { generateRequest } from '../generator/generate.ts';
import { unprovenZswapOutputs } from '../generator/zswap-output.ts';
import { type GatedProver, gatedProver } from '../stack/gated-prover.ts';
import { startOwnStack } from '../stack/own-stack.ts';

const CIRCUIT = 'midnight/dust/spend';
/** A stack of one's own takes its time to start. */
const START_MS = 240_000;

let stack: LocalStack;
let prover: GatedProver;
let nightshift: Nightshift;

beforeAll(async () => {
  prover = await gatedProver(join(STATE_ROOT, 'test-client-gate'));
  stack = await startOwnStack({ proverExecutable: prover.executable });
  nightshift = new Nightshift({ url: stack.url });
}, START_MS);

afterAll(() => stack?.stop());

const freshRequest = async (labels: Record<string, string>) => {
  const { preimage, bindingInput } = await generateRequest(CIRCUIT);
  return { circuit: CIRCUIT, preimage, bindingInput, labels };
};

/** The jobs with those labels, once they have ended. */
const endsOf = (labels: Record<string, string>): Promise<Job[]> =>
  Array.fromAsync(nightshift.jobs({ labels }), ({ id }) => nightshift.wait(id));

/** Resolves with so many jobs once that many have those labels. */
async function submitted(count: number, labels: Record<string, string>): Promise<ListedJob[]> {
  for (;;) {
    const found = await Array.fromAsync(nightshift.jobs({ labels }));
    if (found.length === count) return found;
  }
}

describe('a signal that aborts', () => {
  const reason = new Error('The user closed the dialog.');

  test('while a job is proved: the call rejects with its reason, and the job is cancelled', async () => {
    const [labels, controller] = [{ test: 'abort' }, new AbortController()];
    const states: Job['state'][] = [];
    const onProgress = ({ state }: Job) => {
      states.push(state);
      if (state === 'proving') controller.abort(reason);
    };
    const { signal } = controller;
    await expect(nightshift.prove(await freshRequest(labels), { signal, onProgress })).rejects.toBe(reason);
    expect(states).toEqual(['queued', 'proving']);
    expect(await endsOf(labels)).toMatchObject([{ state: 'cancelled', error: { code: 'CANCELLED' } }]);
  });

  test('while a transaction is proved: each of its proofs is cancelled', async () => {
    const [labels, controller] = [{ test: 'transaction' }, new AbortController()];
    const { transaction } = unprovenZswapOutputs(2);
    const proven = proveTransaction(nightshift, transaction, { labels, signal: controller.signal });
    submitted(2, labels).then(() => controller.abort(reason));
    await expect(proven).rejects.toBe(reason);
    const ends = await endsOf(labels);
    expect(ends.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  });
});

test('midnight-js gives up when its time-out has passed, and so does the server', async () => {
  const labels = { test: 'time-out' };
  const noFiles = { getZKIR: () => Promise.reject(), getVerifierKey: () => Promise.reject() };
  const { proveTx } = nightshiftProofProvider(nightshift, noFiles, { labels });
  const proven = proveTx(unprovenZswapOutputs(1).transaction, { timeout: 3000 });
  await expect(proven).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(await endsOf(labels)).toMatchObject([{ state: 'cancelled' }]);
});

test('one proof of a transaction that fails is the failure of all, with its code', async () => {
  const labels = { test: 'failure' };
  const proven = proveTransaction(nightshift, unprovenZswapOutputs(2).transaction, { labels });
  submitted(2, labels).then(([one]) => one && nightshift.cancel(one.id));
  const error = await proven.catch((error) => error);
  expect(error).toMatchObject({ name: 'NightshiftError', code: 'CANCELLED', jobId: expect.any(String) });
  const ends = await endsOf(labels);
  expect(ends.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
});

test('a job whose deadline passes while it is proved fails, and the call tells', async () => {
  const request = { ...(await freshRequest({ test: 'deadline' })), deadlineSeconds: 1 };
  const error = await nightshift.prove(request).catch((error) => error);
  expect(error).toMatchObject({ name: 'NightshiftError', code: expect.stringMatching(/^(TIMEOUT|EXPIRED)$/) });
  expect(await nightshift.job(error.jobId)).toMatchObject({ error: { code: error.code } });
});

test('what was given up keeps nothing from being proved', async () => {
  await prover.open();
  const { job } = await nightshift.prove(await freshRequest({ test: 'after' }));
  expect(job.state).toBe('succeeded');
});
