import './scratch.ts';
import { readFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { AttemptRunningError, claimJob, releaseJob } from '../../core/jobs/claim.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';
import { mendJob } from '../../functions/sweep/mend-job.ts';
import { ask } from '../stack/ask.ts';

/** By which the jobs are delivered. */
const MESSAGE = 'message';

const DEADLINE_SECONDS = 30;
let job: Job;

beforeEach(async () => {
  const proof = { tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) } as const;
  job = await admitJob({ ...proof, deadlineSeconds: DEADLINE_SECONDS });
});

const after = (seconds: number) => new Date(Date.parse(job.createdAt) + seconds * 1000);
const LATE = DEADLINE_SECONDS + 1;

async function expectEnded(state: string, code: string): Promise<void> {
  expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state, error: { code } });
  expect(await getObject(objectOf.witness(job.id))).toBeUndefined();
  expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 0 });
}

test('a job that is taken up in time is proved', async () => {
  expect(await claimJob(job.id, MESSAGE, after(DEADLINE_SECONDS - 1))).toMatchObject({ state: 'proving' });
  await ask('DELETE', `/v1/jobs/${job.id}`);
});

test('a job that is taken up too late is expired', async () => {
  expect(await claimJob(job.id, MESSAGE, after(LATE))).toBeUndefined();
  await expectEnded('expired', 'EXPIRED');
});

test('a job whose attempt was given up, and whose deadline has passed, is not tried again', async () => {
  await releaseJob((await claimJob(job.id, MESSAGE)) as Job, { code: 'INTERNAL', message: 'It broke.' });
  expect(await claimJob(job.id, MESSAGE, after(LATE))).toBeUndefined();
  await expectEnded('failed', 'TIMEOUT');
});

test('an attempt that runs ends the job itself', async () => {
  const claimed = (await claimJob(job.id, MESSAGE, after(DEADLINE_SECONDS - 1))) as Job;
  await expect(claimJob(job.id, MESSAGE, after(LATE))).rejects.toBeInstanceOf(AttemptRunningError);
  expect(await mendJob(claimed, after(LATE))).toBe('left');
  await ask('DELETE', `/v1/jobs/${job.id}`);
});

test('sweep expires what nobody takes up', async () => {
  expect(await mendJob(job, after(DEADLINE_SECONDS - 1))).toBe('left');
  expect(await mendJob(job, after(LATE))).toBe('ended');
  await expectEnded('expired', 'EXPIRED');
});

test('who waits for a batch is told when a deadline passes', async () => {
  const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin', 'base64');
  const items = [{ circuit: 'midnight/dust/spend', preimage, deadlineSeconds: 1 }];
  const batch = await ask('POST', '/v1/batches', { body: { items } });
  expect(await ask('GET', `/v1/batches/${batch.body.id}?wait=20`)).toMatchObject({
    body: { state: 'ended', items: [{ state: 'expired', error: { code: 'EXPIRED' } }] },
  });
  await ask('DELETE', `/v1/jobs/${job.id}`);
});

test('who waits is told when the deadline passes, not when sweep comes by', async () => {
  const proof = { tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) } as const;
  await ask('DELETE', `/v1/jobs/${job.id}`);
  job = await admitJob({ ...proof, deadlineSeconds: 1 });
  const { body } = await ask('GET', `/v1/jobs/${job.id}?wait=20`);
  expect(body).toMatchObject({ state: 'expired', error: { code: 'EXPIRED' }, deadlineAt: job.deadlineAt });
  await expectEnded('expired', 'EXPIRED');
});
