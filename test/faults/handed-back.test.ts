/** A function that comes to a job with little of its own time left. */
import '../integration/scratch.ts';
import { afterAll, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { readJob } from '../../core/jobs/job.ts';
import { MAX_ATTEMPTS } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { handler } from '../../functions/prove/index.ts';
import { deliver } from '../stack/deliver.ts';
import { admitProof, LARGE } from '../stack/proof-jobs.ts';
import { duration, figure } from './figure.ts';

/** Of which three seconds are kept back: the proof takes longer. */
const LITTLE_MS = 3200;

afterAll(() => nativeProver().stop());

test('10: a job is handed back before its function runs out of time, and proved by one that has more', async () => {
  const job = await admitProof(LARGE);
  const begun = performance.now();
  expect((await deliver(job.lane, handler, LITTLE_MS)).became).toBe('left');
  const heldMs = performance.now() - begun;
  expect(heldMs).toBeLessThan(LITTLE_MS);
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({
    state: 'proving',
    attempts: 1,
    lastError: { code: 'TIMEOUT' },
  });
  // It comes back by itself, long before its queue's visibility time-out.
  expect((await deliver(job.lane, handler)).became).toBe('deleted');
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'succeeded', attempts: 2 });
  const inAllMs = performance.now() - begun;
  figure(10, {
    'time left': duration(LITTLE_MS),
    'handed back after': duration(heldMs),
    'proved after': duration(inAllMs),
  });
});

test('10: a job that is handed back time and again ends as TIMEOUT', async () => {
  const job = await admitProof(LARGE);
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
    expect((await deliver(job.lane, handler, LITTLE_MS)).became).toBe('left');
  }
  expect((await deliver(job.lane, handler, LITTLE_MS)).became).toBe('deleted');
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({
    state: 'failed',
    attempts: 3,
    error: { code: 'TIMEOUT' },
  });
});
