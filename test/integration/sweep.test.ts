import './scratch.ts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { tableName } from '../../core/config.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { readOccupancy } from '../../core/jobs/counts.ts';
import { type Job, LOCAL_TENANT, readJob } from '../../core/jobs/job.ts';
import { openJobs } from '../../core/jobs/open-jobs.ts';
import { deleteObject, getObject, objectOf } from '../../core/store/objects.ts';
import { keyOf, table } from '../../core/store/table.ts';
import { mendJob } from '../../functions/sweep/mend-job.ts';

const HOUR_MS = 3600 * 1000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
const admit = () =>
  admitJob({ tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) });

/** A job as a crash between its transaction and its message leaves it. */
async function brokenOff(): Promise<Job> {
  const { id } = await admit();
  await table.send(
    new UpdateCommand({ TableName: tableName(), Key: keyOf.job(id), UpdateExpression: 'REMOVE enqueuedAt' }),
  );
  return (await readJob(LOCAL_TENANT, id)) as Job;
}

const outcomeOf = async (job: Job) => {
  const { state, error } = (await readJob(LOCAL_TENANT, job.id)) as Job;
  return { state, code: error?.code, witness: (await getObject(objectOf.witness(job.id))) && 'there' };
};

describe('sweep', () => {
  test('lets be what goes its way', async () => {
    const job = (await readJob(LOCAL_TENANT, (await admit()).id)) as Job;
    expect(await mendJob(job, inHours(1))).toBe('left');
    expect(await mendJob(await brokenOff(), new Date())).toBe('left');
  });

  test('enqueues a job whose request broke off after the witness arrived', async () => {
    const job = await brokenOff();
    expect(await mendJob(job, inHours(1))).toBe('enqueued');
    expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ state: 'queued', enqueuedAt: expect.any(String) });
  });

  test('ends a job whose witness never arrived', async () => {
    const job = await brokenOff();
    await deleteObject(objectOf.witness(job.id));
    expect(await mendJob(job, inHours(1))).toBe('ended');
    expect(await outcomeOf(job)).toEqual({ state: 'failed', code: 'INTERNAL', witness: undefined });
  });

  test('ends a job that outlived its message', async () => {
    const job = (await readJob(LOCAL_TENANT, (await admit()).id)) as Job;
    expect(await mendJob(job, inHours(13))).toBe('ended');
    expect(await outcomeOf(job)).toEqual({ state: 'expired', code: 'EXPIRED', witness: undefined });
  });

  test('ends a proving job that outlived all its attempts', async () => {
    const job = (await claimJob((await admit()).id)) as Job;
    expect(await mendJob(job, inHours(0.2))).toBe('left');
    expect(await mendJob(job, inHours(1))).toBe('ended');
    expect(await outcomeOf(job)).toEqual({ state: 'failed', code: 'TIMEOUT', witness: undefined });
  });

  test('loses against a claim that comes between', async () => {
    const job = (await readJob(LOCAL_TENANT, (await admit()).id)) as Job;
    await claimJob(job.id);
    expect(await mendJob(job, inHours(13))).toBe('left');
    expect(await outcomeOf(job)).toEqual({ state: 'proving', code: undefined, witness: 'there' });
  });

  test('goes through all open jobs and no ended one, and its endings leave no counts', async () => {
    const seen: Job[] = [];
    for await (const job of openJobs()) seen.push(job);
    const { pending, proving } = await readOccupancy();
    expect(seen.length).toBe(pending + proving);
    expect(seen.length).toBeGreaterThan(0);
    for (const job of seen) await mendJob(job, inHours(13));
    expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 0 });
  });
});
