import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { tableName } from '../../core/config.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { admitOnce } from '../../core/jobs/admit-once.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { cancelJob } from '../../core/jobs/end.ts';
import { madeBefore } from '../../core/jobs/idempotency.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { readLane, readLaneShards, readOccupancy } from '../../core/jobs/lane-counts.ts';
import { laneOf } from '../../core/jobs/lane-of.ts';
import { openJobsOf } from '../../core/jobs/open-jobs.ts';
import { readInFlightShards } from '../../core/jobs/tenant-counts.ts';
import { WORKER_GRACE_SECONDS } from '../../core/limits.ts';
import {
  deleteObject,
  getObject,
  objectOf,
  objectsUnder,
  putObject,
  WITNESS_PREFIX,
} from '../../core/store/objects.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { type Key, rowAt, table } from '../../core/store/table.ts';
import { forgetOldCaps } from '../../functions/sweep/forget-old-caps.ts';
import { forgetWitnesses } from '../../functions/sweep/forget-witnesses.ts';
import { handler } from '../../functions/sweep/index.ts';
import { mendJob } from '../../functions/sweep/mend-job.ts';
import { sweepJobs } from '../../functions/sweep/sweep-jobs.ts';
import { counted } from '../stack/counted.ts';

/** By which the jobs are delivered. */
const MESSAGE = 'message';

const HOUR_MS = 3600 * 1000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
const newJob = { tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) } as const;
const admit = () => admitJob(newJob);
const logger = new Logger({ logLevel: 'SILENT' });

/** Sets attributes of a row; those that are undefined go. */
async function set(Key: Key, attributes: Record<string, unknown>): Promise<void> {
  const { Item } = await table.send(new GetCommand({ TableName: tableName(), Key }));
  await table.send(new PutCommand({ TableName: tableName(), Item: { ...Item, ...attributes } }));
}

/** A job as a crash between its transaction and its message leaves it. */
async function brokenOff(): Promise<Job> {
  const { id } = await admit();
  await set(keyOf.job(id), { enqueuedAt: undefined });
  return (await readJob(LOCAL_TENANT, id)) as Job;
}

const outcomeOf = async (job: Job) => {
  const { state, error } = (await readJob(LOCAL_TENANT, job.id)) as Job;
  return { state, code: error?.code, witness: (await getObject(objectOf.witness(job.id))) && 'there' };
};

describe('sweep', () => {
  test('lets be what goes its way', async () => {
    const job = (await readJob(LOCAL_TENANT, (await admit()).id)) as Job;
    expect(await mendJob(job, inHours(0.9))).toBe('left');
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

  test('enqueues a job again over whose attempt a worker died, and whose message does not come back', async () => {
    const { id } = await admit();
    const job = (await claimJob(id, MESSAGE)) as Job;
    const afterLease = (seconds: number) => new Date(Date.parse(`${job.attemptEndsAt}`) + seconds * 1000);
    expect(await mendJob(job, afterLease(WORKER_GRACE_SECONDS - 1))).toBe('left');
    expect(await mendJob(job, afterLease(WORKER_GRACE_SECONDS + 1))).toBe('enqueued');
  });

  test('loses against a claim that comes between', async () => {
    const job = (await readJob(LOCAL_TENANT, (await admit()).id)) as Job;
    await claimJob(job.id, MESSAGE);
    expect(await mendJob(job, inHours(13))).toBe('left');
    expect(await outcomeOf(job)).toEqual({ state: 'proving', code: undefined, witness: 'there' });
  });

  test('goes through all open jobs and no ended one, and sets counts right that do not match them', async () => {
    const { pending, proving } = await readOccupancy();
    expect(pending + proving).toBeGreaterThan(0);
    const [shard] = await readLaneShards('small');
    if (!shard) throw new Error('the jobs above were in that lane');
    await set(keyOf.laneCount('small', shard.shard), { open: shard.open + 7, proving: 99 });
    const [inFlight] = await readInFlightShards(LOCAL_TENANT);
    if (!inFlight) throw new Error('the jobs above were that tenant’s');
    await set(keyOf.inFlight(LOCAL_TENANT, inFlight.shard), { jobs: 500 });

    expect(await sweepJobs(logger)).toMatchObject({ left: pending + proving, failed: 0, repaired: 2 });
    expect(await readOccupancy()).toMatchObject({ pending, proving });
    expect(await readInFlightShards(LOCAL_TENANT)).toContainEqual({ ...inFlight, changes: inFlight.changes + 1 });
    expect(await sweepJobs(logger)).toMatchObject({ repaired: 0 });
  });

  test('goes on where it can’t read a row, and says so', async () => {
    const newer = await admit();
    await set(keyOf.job(newer.id), { operation: 'made up by a newer version' });
    const older = await brokenOff();
    expect(await sweepJobs(logger, inHours(0.1))).toMatchObject({ failed: 1, repaired: 0 });
    expect(await readJob(LOCAL_TENANT, older.id)).toMatchObject({ enqueuedAt: expect.any(String) });
    await set(keyOf.job(newer.id), { operation: 'prove' });
    expect(await sweepJobs(logger)).toMatchObject({ failed: 0 });
  });

  test('forgets changed caps that a deployment has made void', async () => {
    const { capacity, maxConcurrency } = laneOf({ lane: 'medium' });
    await set(keyOf.caps('medium'), {
      ...keyOf.caps('medium'),
      capacity: { value: 7, insteadOf: capacity },
      maxConcurrency: { value: 50, insteadOf: maxConcurrency + 1 },
    });
    await forgetOldCaps();
    const { caps } = await readLane('medium');
    expect(caps).toEqual({ capacity: 7, maxConcurrency });
    expect(await rowAt(keyOf.caps('medium'))).not.toHaveProperty('maxConcurrency');
  });

  test('deletes witnesses whose jobs have ended or are gone, and no others', async () => {
    const open = await admit();
    const ended = await admit();
    await cancelJob(LOCAL_TENANT, ended.id, 'Enough.');
    const strays = [ended.id, randomUUID()];
    // They arrive late.
    for (const id of strays) await putObject(objectOf.witness(id), new Uint8Array(8));
    expect(await forgetWitnesses()).toBe(0);
    expect(await forgetWitnesses(inHours(0.5))).toBe(strays.length);
    const left = await objectsUnder(WITNESS_PREFIX);
    expect(left).toContain(objectOf.witness(open.id));
    for (const id of strays) expect(left).not.toContain(objectOf.witness(id));
  });

  test('frees the Idempotency-Key of a request that broke off', async () => {
    const request = { tenant: LOCAL_TENANT, key: 'aa', digest: 'bb' };
    const { job } = await admitOnce(request, async () => newJob);
    await set(keyOf.job(job.id), { enqueuedAt: undefined });
    await deleteObject(objectOf.witness(job.id));
    expect(await madeBefore(request)).toBe(job.id);
    expect(await mendJob((await readJob(LOCAL_TENANT, job.id)) as Job, inHours(1))).toBe('ended');
    expect(await madeBefore(request)).toBeUndefined();
  });

  test('takes jobs off the list whose rows are gone, and the counts follow', async () => {
    const { id, lane, shards } = await admit();
    const { pending } = await readOccupancy();
    await table.send(new DeleteCommand({ TableName: tableName(), Key: keyOf.job(id) }));
    await sweepJobs(logger);
    expect((await openJobsOf(lane, shards.lane)).gone).toEqual([]);
    expect(await sweepJobs(logger)).toMatchObject({ repaired: expect.any(Number) });
    expect(await readOccupancy()).toMatchObject({ pending: pending - 1 });
  });

  test('counts what it did for the alarms and graphs, and nothing where there was nothing to do', async () => {
    await sweepJobs(logger);
    const counts = counted();
    await handler({}, {} as Context);
    expect(counts).toEqual([]);
    const job = await brokenOff();
    await set(keyOf.job(job.id), { createdAt: inHours(-1).toISOString() });
    await deleteObject(objectOf.witness(job.id));
    await handler({}, {} as Context);
    const common = { namespace: 'Nightshift', dimensions: { service: 'nightshift' } };
    expect(counts).toEqual([{ ...common, name: 'SweepEnded', value: 1 }]);
  });
});
