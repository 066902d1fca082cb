import '../integration/scratch.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MAX_ATTEMPTS } from '../../core/limits.ts';
import { DIMENSIONS } from '../../core/metrics.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { stackOf } from '../../core/stage.ts';
import { admitProof, invokeProve, outcomeOf, proveToTheEnd, SMALL, storeKeys } from '../stack/proof-jobs.ts';
import { wrapProver } from '../stack/wrapped-prover.ts';
import { duration, figure } from './figure.ts';

const folder = await mkdtemp(join(tmpdir(), 'nightshift-faulty-prover-'));
const { executable, switchFile } = await wrapProver(folder, 'faulty-prover-process.ts');
const makeFaulty = () => writeFile(switchFile, '');
const makeSound = () => rm(switchFile);

beforeAll(async () => {
  vi.stubEnv('PROVER_PATH', executable);
  await storeKeys(SMALL);
});
afterAll(async () => {
  await nativeProver().stop();
  await rm(folder, { recursive: true });
});

/** The metrics that were written to stdout while `use` ran, as CloudWatch finds them in the log. */
async function metricsOf(use: () => Promise<unknown>): Promise<object[]> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await use();
    const lines = write.mock.calls.map(([line]) => `${line}`);
    return lines.filter((line) => line.includes('"CloudWatchMetrics"')).map((line) => JSON.parse(line));
  } finally {
    write.mockRestore();
  }
}

/** One proof that was thrown away. */
const counted = {
  _aws: {
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [
      {
        Namespace: stackOf(),
        Dimensions: [Object.keys(DIMENSIONS)],
        Metrics: [{ Name: 'InvalidProofs', Unit: 'Count' }],
      },
    ],
  },
  ...DIMENSIONS,
  InvalidProofs: 1,
};

test('18: the prover gives out proofs that do not verify: none is published, each is counted, the next job is proved', async () => {
  await makeFaulty();
  const job = await admitProof(SMALL);
  const start = performance.now();
  const metrics = await metricsOf(() => proveToTheEnd(job));
  const took = performance.now() - start;
  const outcome = await outcomeOf(job);
  expect(outcome).toMatchObject({
    state: 'failed',
    attempts: MAX_ATTEMPTS,
    error: { code: 'PROOF_GENERATION_FAILED', message: expect.stringContaining('does not verify') },
    witness: undefined,
  });
  expect(outcome.result).toBeUndefined();
  expect(metrics).toEqual(Array(MAX_ATTEMPTS).fill(counted));

  await makeSound();
  const next = await admitProof(SMALL);
  expect(await metricsOf(() => proveToTheEnd(next))).toEqual([]);
  expect(await outcomeOf(next)).toMatchObject({ state: 'succeeded', attempts: 1 });
  figure(18, { attempts: MAX_ATTEMPTS, published: 0, 'metric counts': metrics.length, took: duration(took) });
});

test('18: a prover that was faulty once is stopped, and its successor proves the job', async () => {
  await makeFaulty();
  const job = await admitProof(SMALL);
  expect(await metricsOf(() => invokeProve(job))).toEqual([counted]);
  expect(await outcomeOf(job)).toMatchObject({ state: 'proving', attempts: 1 });
  await makeSound();
  expect(await nativeProver().ask('info', {})).toMatchObject({ cacheBytes: 0 });
  expect(await invokeProve(job)).toBe('deleted');
  expect(await outcomeOf(job)).toMatchObject({ state: 'succeeded', attempts: 2 });
});
