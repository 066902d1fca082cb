/**
 * Whatever happens to jobs, in whatever order: the store does what a model says that knows nothing of tables. Time is the
 * model's; what is stored, is stored on the emulated AWS.
 */
import '../integration/scratch.ts';
import { Logger } from '@aws-lambda-powertools/logger';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { expect } from 'vitest';
import { tableName } from '../../core/config.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { AttemptRunningError, claimJob, releaseJob } from '../../core/jobs/claim.ts';
import { cancelJob, type Ending, endJob } from '../../core/jobs/end.ts';
import { type Job, LOCAL_TENANT, readAnyJob } from '../../core/jobs/job.ts';
import { readLane } from '../../core/jobs/lane-counts.ts';
import { renewLease } from '../../core/jobs/lease.ts';
import { openJobsOf } from '../../core/jobs/open-jobs.ts';
import { hasEnded, type JobState } from '../../core/jobs/state.ts';
import { readInFlight } from '../../core/jobs/tenant-counts.ts';
import { ENQUEUE_GRACE_SECONDS, LEASE_SECONDS, MAX_ATTEMPTS, MESSAGE_GRACE_SECONDS } from '../../core/limits.ts';
import { deleteObject, lastModified, objectOf } from '../../core/store/objects.ts';
import { keyOf, table } from '../../core/store/table.ts';
import { sweepJobs } from '../../functions/sweep/sweep-jobs.ts';
import { duration, figure } from './figure.ts';

const LANE = { maxConcurrency: 2, capacity: 2 };
const IN_FLIGHT = 3;
const DEADLINE_SECONDS = 40;
process.env.LANES = JSON.stringify({ lanes: { small: LANE } });
process.env.TENANT_LIMITS = JSON.stringify({ inFlight: IN_FLIGHT, perDay: 0 });

const logger = new Logger({ logLevel: 'SILENT' });
const SUCCESS: Ending = { state: 'succeeded', result: new Uint8Array([1]), statement: ['7'] };
const FAILURE: Ending = { state: 'failed', error: { code: 'INVALID_WITNESS', message: 'No.' } };

/** What a job ought to be. */
interface Expected {
  id: string;
  state: JobState;
  attempts: number;
  createdAt: number;
  deadlineAt: number;
  /** Undefined if its request broke off before the message. */
  enqueuedAt?: number;
  leaseEndsAt: number;
  message?: string;
  hasWitness: boolean;
  /** What workers have seen of it, by their attempts. */
  claims: Job[];
  /** How many writes ended it. */
  ended: number;
}

interface World {
  now: number;
  jobs: Expected[];
}

const isOpen = (job: Expected) => !hasEnded(job);
const isHeld = (job: Expected, { now }: World) => job.leaseEndsAt > now;

function end(job: Expected, state: JobState): void {
  Object.assign(job, { state, hasWitness: false });
  job.ended++;
}

const endLate = (job: Expected) => end(job, job.state === 'queued' ? 'expired' : 'failed');

/** Something happens to the nth job, if there are so many. */
type Step = (world: World, pick: (jobs: Expected[]) => Expected | undefined) => Promise<void>;

const submit =
  ({
    deadline,
    breaksOff,
  }: {
    deadline: boolean;
    breaksOff: 'never' | 'before the witness' | 'before the message';
  }): Step =>
  async (world) => {
    const open = world.jobs.filter(isOpen).length;
    const admission = admitJob({
      ...{ tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) },
      ...(deadline && { deadlineSeconds: DEADLINE_SECONDS }),
    });
    if (open >= LANE.capacity + LANE.maxConcurrency)
      return expect(admission).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    if (open >= IN_FLIGHT) return expect(admission).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    const { id } = await admission;
    // Made as of now, it is to be of the model's time.
    const createdAt = new Date(world.now).toISOString();
    const deadlineAt = deadline ? new Date(world.now + DEADLINE_SECONDS * 1000).toISOString() : undefined;
    const isSent = breaksOff === 'never';
    await table.send(
      new UpdateCommand({
        TableName: tableName(),
        Key: keyOf.job(id),
        UpdateExpression: `SET createdAt = :at${deadlineAt ? ', deadlineAt = :deadline' : ''}${isSent ? ', enqueuedAt = :at' : ' REMOVE enqueuedAt'}`,
        ExpressionAttributeValues: { ':at': createdAt, ...(deadlineAt && { ':deadline': deadlineAt }) },
      }),
    );
    if (breaksOff === 'before the witness') await deleteObject(objectOf.witness(id));
    world.jobs.push({
      id,
      state: 'queued',
      attempts: 0,
      createdAt: world.now,
      deadlineAt: deadline ? world.now + DEADLINE_SECONDS * 1000 : Number.POSITIVE_INFINITY,
      ...(isSent && { enqueuedAt: world.now }),
      leaseEndsAt: 0,
      hasWitness: breaksOff !== 'before the witness',
      claims: [],
      ended: 0,
    });
  };

const deliver =
  (message: string): Step =>
  async (world, pick) => {
    const job = pick(world.jobs);
    if (!job) return;
    const claim = claimJob(job.id, message, new Date(world.now));
    if (hasEnded(job)) return expect(await claim).toBeUndefined();
    if (isHeld(job, world)) {
      if (job.message === message) return expect(claim).rejects.toBeInstanceOf(AttemptRunningError);
      return expect(await claim).toBeUndefined();
    }
    const claimed = await claim;
    if (job.deadlineAt <= world.now) endLate(job);
    else if (job.attempts >= MAX_ATTEMPTS) end(job, 'failed');
    else {
      const attempts = job.attempts + 1;
      Object.assign(job, { state: 'proving', attempts, message, leaseEndsAt: world.now + LEASE_SECONDS * 1000 });
      job.claims.push(claimed as Job);
    }
    expect(claimed === undefined).toBe(hasEnded(job));
  };

/** What an attempt does, be it the last one, or one that was taken for dead. */
const byAttempt =
  (nth: number, does: (claimed: Job, isCurrent: boolean, job: Expected, world: World) => Promise<void>): Step =>
  async (world, pick) => {
    const job = pick(world.jobs.filter(({ claims }) => claims.length > 0));
    const claimed = job?.claims[nth % job.claims.length];
    if (!job || !claimed) return;
    await does(claimed, job.state === 'proving' && claimed.attempts === job.attempts, job, world);
  };

const heartbeat = (nth: number): Step =>
  byAttempt(nth, async (claimed, isCurrent, job, { now }) => {
    expect(await renewLease(claimed, new Date(now))).toBe(isCurrent);
    if (isCurrent) job.leaseEndsAt = now + LEASE_SECONDS * 1000;
  });

const finish = (nth: number, ending: Ending): Step =>
  byAttempt(nth, async (claimed, isCurrent, job) => {
    expect(await endJob(claimed, ending)).toBe(isCurrent);
    if (isCurrent) end(job, ending.state);
  });

const giveBack = (nth: number): Step =>
  byAttempt(nth, async (claimed, isCurrent, job) => {
    const release = releaseJob(claimed, { code: 'INTERNAL', message: 'It broke.' });
    if (!isCurrent) return expect(release).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    await release;
    job.leaseEndsAt = 0;
  });

const cancel: Step = async ({ jobs }, pick) => {
  const job = pick(jobs);
  if (!job) return;
  await cancelJob(LOCAL_TENANT, job.id, 'Enough.');
  if (isOpen(job)) end(job, 'cancelled');
};

const sweep: Step = async (world) => {
  expect(await sweepJobs(logger, new Date(world.now))).toMatchObject({ failed: 0, repaired: 0 });
  for (const job of world.jobs.filter(isOpen)) {
    if (isHeld(job, world)) continue;
    const sinceSent = (world.now - (job.enqueuedAt ?? job.createdAt)) / 1000;
    if (job.deadlineAt <= world.now) endLate(job);
    else if (sinceSent > (job.enqueuedAt === undefined ? ENQUEUE_GRACE_SECONDS : MESSAGE_GRACE_SECONDS)) {
      // Sent anew, as of the clock's time: the model need not know more than that it was.
      if (job.state === 'proving' || job.hasWitness) job.enqueuedAt = Date.now();
      else end(job, 'failed');
    }
  }
};

const wait =
  (seconds: number): Step =>
  async (world) => {
    world.now += seconds * 1000;
  };

const nth = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        deadline: fc.boolean(),
        breaksOff: fc.constantFrom(
          'never' as const,
          'never' as const,
          'before the witness' as const,
          'before the message' as const,
        ),
      })
      .map(submit),
  },
  { weight: 6, arbitrary: fc.constantFrom('one message', 'another').map(deliver) },
  { weight: 2, arbitrary: nth.map(heartbeat) },
  { weight: 3, arbitrary: fc.tuple(nth, fc.constantFrom(SUCCESS, FAILURE)).map(([n, ending]) => finish(n, ending)) },
  { weight: 2, arbitrary: nth.map(giveBack) },
  { weight: 1, arbitrary: fc.constant(cancel) },
  { weight: 1, arbitrary: fc.constant(sweep) },
  { weight: 3, arbitrary: fc.constantFrom(1, LEASE_SECONDS + 1, ENQUEUE_GRACE_SECONDS + 1).map(wait) },
);

async function expectAsModelled({ jobs }: World): Promise<void> {
  const open = jobs.filter(isOpen);
  const lane = await readLane('small');
  expect([lane.open, lane.proving]).toEqual([open.length, open.filter(({ state }) => state === 'proving').length]);
  expect((await readInFlight(LOCAL_TENANT)).reduce((sum, { count }) => sum + count, 0)).toBe(open.length);
  const listed = (await openJobsOf('small', 0)).jobs.map(({ id }) => id);
  expect(listed.sort()).toEqual(open.map(({ id }) => id).sort());
  for (const job of jobs) {
    const { state, attempts } = job;
    expect(await readAnyJob(job.id)).toMatchObject({ state, attempts });
    expect((await lastModified(objectOf.witness(job.id))) !== undefined).toBe(job.hasWitness);
    expect(job.ended).toBe(isOpen(job) ? 0 : 1);
  }
}

/** @param sequences how many of them, drawn by chance, are held against the model. */
export async function holdAgainstModel(sequences: number): Promise<void> {
  const begun = performance.now();
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat()), { maxLength: 20, size: 'max' }), async (sequence) => {
      const world: World = { now: Date.now(), jobs: [] };
      for (const [happen, n] of sequence) {
        await happen(world, (jobs) => jobs[n % jobs.length]);
        steps++;
      }
      await expectAsModelled(world);
      for (const job of world.jobs.filter(isOpen)) await cancelJob(LOCAL_TENANT, job.id, 'The sequence is over.');
      await expectAsModelled({
        ...world,
        jobs: world.jobs.map((job) =>
          isOpen(job) ? { ...job, state: 'cancelled', hasWitness: false, ended: 1 } : job,
        ),
      });
    }),
    { numRuns: sequences },
  );
  figure('job store', { sequences, steps, took: duration(performance.now() - begun) });
}
