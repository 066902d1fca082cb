/**
 * Functions whose clock is five minutes off. The clock is the one thing that is not real here: a machine has but one. What
 * is real is the time that the emulated AWS tells with its answers.
 */
import '../integration/scratch.ts';
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { cancelJob } from '../../core/jobs/end.ts';
import { readJob } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { handler } from '../../functions/prove/index.ts';
import { sweepJobs } from '../../functions/sweep/sweep-jobs.ts';
import { deliver } from '../stack/deliver.ts';
import { admitProof, SMALL } from '../stack/proof-jobs.ts';
import { figure } from './figure.ts';

const OFF_MS = 5 * 60_000;
const DEADLINE_SECONDS = 60;
const silent = new Logger({ logLevel: 'SILENT' });

/** Only the date: timers go on. */
const setClockOff = (ms: number) =>
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms, shouldAdvanceTime: true });
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => nativeProver().stop());

test.each([
  ['ahead', OFF_MS],
  ['behind', -OFF_MS],
])('22: a clock five minutes %s neither ends a job nor takes it from who is at it', async (how, ms) => {
  const job = await admitProof(SMALL, { deadlineSeconds: DEADLINE_SECONDS });
  const another = await admitProof(SMALL);
  await claimJob(another.id, 'the message of another function');

  setClockOff(ms);
  expect(await claimJob(another.id, 'this function’s message')).toBeUndefined();
  expect(await sweepJobs(silent)).toMatchObject({ ended: 0, enqueued: 0, repaired: 0, failed: 0 });
  expect((await deliver('small', handler)).became).toBe('deleted');
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'succeeded', attempts: 1 });
  const late = await admitProof(SMALL, { deadlineSeconds: DEADLINE_SECONDS });

  vi.useRealTimers();
  const untilDeadline = (Date.parse(`${late.deadlineAt}`) - Date.now()) / 1000;
  expect(untilDeadline).toBeGreaterThan(DEADLINE_SECONDS - 5);
  expect(untilDeadline).toBeLessThan(DEADLINE_SECONDS + 5);
  expect(await readJob(LOCAL_TENANT, another.id)).toMatchObject({ state: 'proving', attempts: 1 });
  for (const { id } of [another, late]) {
    await cancelJob(LOCAL_TENANT, id, 'It was only looked at.');
    await deliver('small', handler);
  }
  figure(22, {
    clock: `${ms / 60_000} min`,
    [`deadline of ${DEADLINE_SECONDS} s off by`]: `${Math.abs(untilDeadline - DEADLINE_SECONDS).toFixed(1)} s`,
    how,
  });
});
