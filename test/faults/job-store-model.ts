/**
 * Whatever happens to jobs, in whatever order: the store does what a model says that knows nothing of tables. Time is the
 * model's; what is stored, is stored on the emulated AWS.
 */
import '../integration/scratch.ts';
import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { tableName } from '../../core/config.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { AttemptRunningError, claimJob, releaseJob } from '../../core/jobs/claim.ts';
import { cancelJob, type Ending, endJob } from '../../core/jobs/end.ts';
import { type Job, readAnyJob } from '../../core/jobs/job.ts';
import { type LaneOccupancy, readLane } from '../../core/jobs/lane-counts.ts';
import { renewLease } from '../../core/jobs/lease.ts';
import { openJobsOf } from '../../core/jobs/open-jobs.ts';
import { hasEnded, type JobState } from '../../core/jobs/state.ts';
import { readInFlight } from '../../core/jobs/tenant-counts.ts';
import {
  ENQUEUE_GRACE_SECONDS,
  LEASE_SECONDS,
  MAX_ATTEMPTS,
  MESSAGE_GRACE_SECONDS,
  QUEUE_RETENTION_HOURS,
  WORKER_GRACE_SECONDS,
} from '../../core/limits.ts';
import { deleteObject, lastModified, objectOf } from '../../core/store/objects.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
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
  /** As its request left it. */
  admitted: Job;
  state: JobState;
  attempts: number;
  createdAt: number;
  deadlineAt: number;
  /** Undefined if its request broke off before the message. */
  enqueuedAt?: number;
  leaseEndsAt: number;
  message?: string;
  hasWitness: boolean;
}

interface World {
  now: number;
  jobs: Expected[];
  /** How often jobs have come in, been taken up or ended: each of it is one write to the lane's counts. */
  changes: number;
}

const isOpen = (job: Expected) => !hasEnded(job);
const isHeld = (job: Expected, { now }: World) => job.leaseEndsAt > now;

function end(world: World, job: Expected, state: JobState): void {
  Object.assign(job, { state, hasWitness: false });
  world.changes++;
}

const endLate = (world: World, job: Expected) => end(world, job, job.state === 'queued' ? 'expired' : 'failed');

/** Something happens; `pick` draws one of the jobs, if there are any. */
type Step = (world: World, pick: (jobs: Expected[]) => Expected | undefined) => Promise<void>;

/** What somebody does about a job: what it comes to, by the store and by the model, which it changes. */
interface Move {
  happen(): Promise<string>;
  foresee(world: World): string;
}

/** @returns undefined if it can't be done about that job. */
type MoveOn = (job: Expected, world: World) => Move | undefined;

const alone =
  (moveOn: MoveOn): Step =>
  async (world, pick) => {
    const job = pick(world.jobs.filter((job) => moveOn(job, world)));
    const move = job && moveOn(job, world);
    if (move) expect(await move.happen()).toBe(move.foresee(world));
  };

/**
 * What may be said whatever came first: a delivery was overtaken by somebody else, and says so; a lease was renewed between
 * somebody's look at the job and its end.
 */
const SAID_BESIDE_OTHERS = ['running', 'renewed'];

/** Two moves on one job at the same time come to what they come to one after the other, in either order. */
const sideBySide =
  (...both: [MoveOn, MoveOn]): Step =>
  async (world, pick) => {
    const movesOn = (job: Expected) => both.flatMap((moveOn) => moveOn(job, world) ?? []);
    const job = pick(world.jobs.filter((job) => movesOn(job).length === both.length));
    if (!job) return;
    const [one, other] = movesOn(job) as [Move, Move];
    const said = await Promise.all([one.happen(), other.happen()]);
    const orders = [
      [one, other],
      [other, one],
    ].map((order) => {
      const after = structuredClone(world);
      const foreseen = new Map(order.map((move) => [move, move.foresee(after)]));
      const outcomes = [one, other].map((move, n) =>
        SAID_BESIDE_OTHERS.includes(`${said[n]}`) ? said[n] : foreseen.get(move),
      );
      return { after, comesTo: { outcomes, jobs: after.jobs.map(visible) } };
    });
    const jobs = await Promise.all(world.jobs.map(stored));
    const possible = orders.map(({ comesTo }) => comesTo);
    expect(possible).toContainEqual({ outcomes: said, jobs });
    const asHappened = possible.findIndex((comesTo) => isDeepStrictEqual(comesTo, { outcomes: said, jobs }));
    Object.assign(world, orders[asHappened]?.after);
  };

/** Who holds it matters only as long as it is proved. */
const visible = ({ state, attempts, message, leaseEndsAt }: Seen) =>
  state === 'proving' ? { state, attempts, message, leaseEndsAt } : { state, attempts };

type Seen = Pick<Expected, 'state' | 'attempts' | 'message' | 'leaseEndsAt'>;

async function stored({ id }: Expected) {
  const { state, attempts, message, attemptEndsAt } = (await readAnyJob(id)) as Job;
  return visible({ state, attempts, message, leaseEndsAt: attemptEndsAt ? Date.parse(attemptEndsAt) : 0 });
}

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
    const admitted = await admission;
    const { id } = admitted;
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
      admitted,
      state: 'queued',
      attempts: 0,
      createdAt: world.now,
      deadlineAt: deadline ? world.now + DEADLINE_SECONDS * 1000 : Number.POSITIVE_INFINITY,
      ...(isSent && { enqueuedAt: world.now }),
      leaseEndsAt: 0,
      hasWitness: breaksOff !== 'before the witness',
    });
    world.changes++;
  };

const inModel = ({ jobs }: World, { id }: Expected) => jobs.find((job) => job.id === id) as Expected;

const deliver =
  (message: string): MoveOn =>
  (job, { now }) => ({
    async happen() {
      try {
        const claimed = await claimJob(job.id, message, new Date(now));
        return claimed ? `attempt ${claimed.attempts}` : 'nothing to do';
      } catch (error) {
        if (error instanceof AttemptRunningError) return 'running';
        throw error;
      }
    },
    foresee(world) {
      const expected = inModel(world, job);
      if (hasEnded(expected)) return 'nothing to do';
      if (isHeld(expected, world)) return expected.message === message ? 'running' : 'nothing to do';
      if (expected.deadlineAt <= now) endLate(world, expected);
      else if (expected.attempts >= MAX_ATTEMPTS) end(world, expected, 'failed');
      else {
        if (expected.state === 'queued') world.changes++;
        const attempts = expected.attempts + 1;
        Object.assign(expected, { state: 'proving', attempts, message, leaseEndsAt: now + LEASE_SECONDS * 1000 });
        return `attempt ${attempts}`;
      }
      return 'nothing to do';
    },
  });

/** What an attempt does, be it the last one, or one that was taken for dead. */
const byAttempt =
  (
    nth: number,
    happen: (claimed: Job, now: number) => Promise<string>,
    foresee: (isCurrent: boolean, job: Expected, world: World) => string,
  ): MoveOn =>
  (job, { now }) => {
    if (job.attempts === 0) return undefined;
    const attempts = 1 + (nth % job.attempts);
    return {
      happen: () => happen({ ...job.admitted, state: 'proving', attempts }, now),
      foresee(world) {
        const expected = inModel(world, job);
        return foresee(expected.state === 'proving' && expected.attempts === attempts, expected, world);
      },
    };
  };

const heartbeat = (nth: number): MoveOn =>
  byAttempt(
    nth,
    async (claimed, now) => ((await renewLease(claimed, new Date(now))) ? 'renewed' : 'refused'),
    (isCurrent, job, { now }) => {
      if (!isCurrent) return 'refused';
      job.leaseEndsAt = now + LEASE_SECONDS * 1000;
      return 'renewed';
    },
  );

const finish = (nth: number, ending: Ending): MoveOn =>
  byAttempt(
    nth,
    async (claimed) => ((await endJob(claimed, ending)) ? 'ended' : 'refused'),
    (isCurrent, job, world) => {
      if (!isCurrent) return 'refused';
      end(world, job, ending.state);
      return 'ended';
    },
  );

const giveBack = (nth: number): MoveOn =>
  byAttempt(
    nth,
    async (claimed) => {
      try {
        await releaseJob(claimed, { code: 'INTERNAL', message: 'It broke.' });
        return 'given back';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'refused';
        throw error;
      }
    },
    (isCurrent, job) => {
      if (!isCurrent) return 'refused';
      job.leaseEndsAt = 0;
      return 'given back';
    },
  );

const cancel: MoveOn = (job) => ({
  async happen() {
    await cancelJob(LOCAL_TENANT, job.id, 'Enough.');
    return 'cancelled';
  },
  foresee(world) {
    const expected = inModel(world, job);
    if (isOpen(expected)) end(world, expected, 'cancelled');
    return 'cancelled';
  },
});

/** It is about all jobs, whichever is drawn. */
/** Whether there is no message of it any more, as far as sweep can tell. */
function isLost({ leaseEndsAt, enqueuedAt, createdAt }: Expected, now: number): boolean {
  if (leaseEndsAt > 0) return now - Math.max(leaseEndsAt, enqueuedAt ?? 0) > WORKER_GRACE_SECONDS * 1000;
  if (enqueuedAt === undefined) return now - createdAt > ENQUEUE_GRACE_SECONDS * 1000;
  return now - enqueuedAt > MESSAGE_GRACE_SECONDS * 1000;
}

const sweep: MoveOn = (_, { now }) => ({
  async happen() {
    const { failed, repaired } = await sweepJobs(logger, new Date(now));
    return `${failed} failed, ${repaired} repaired`;
  },
  foresee(world) {
    for (const job of world.jobs.filter(isOpen)) {
      if (isHeld(job, world)) continue;
      const waited = job.state === 'queued' && now - job.createdAt > QUEUE_RETENTION_HOURS * 3_600_000;
      if (job.deadlineAt <= now || waited) endLate(world, job);
      else if (isLost(job, now)) {
        // Sent anew, as of the clock's time: the model need not know more than that it was.
        if (job.state === 'proving' || job.hasWitness) job.enqueuedAt = Date.now();
        else end(world, job, 'failed');
      }
    }
    return '0 failed, 0 repaired';
  },
});

const wait =
  (seconds: number): Step =>
  async (world) => {
    world.now += seconds * 1000;
  };

/** A little longer than what is waited for somewhere; the short ones more often. */
const WAITS = [
  ...[1, LEASE_SECONDS, LEASE_SECONDS, ENQUEUE_GRACE_SECONDS, ENQUEUE_GRACE_SECONDS],
  ...[WORKER_GRACE_SECONDS, MESSAGE_GRACE_SECONDS, QUEUE_RETENTION_HOURS * 3600],
].map((seconds) => seconds + 1);

const nth = fc.nat(5);
const move: fc.Arbitrary<MoveOn> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('one message', 'another').map(deliver) },
  { weight: 2, arbitrary: nth.map(heartbeat) },
  { weight: 3, arbitrary: fc.tuple(nth, fc.constantFrom(SUCCESS, FAILURE)).map(([n, ending]) => finish(n, ending)) },
  { weight: 2, arbitrary: nth.map(giveBack) },
  { weight: 1, arbitrary: fc.constant(cancel) },
  { weight: 1, arbitrary: fc.constant(sweep) },
);
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
  { weight: 15, arbitrary: move.map(alone) },
  { weight: 5, arbitrary: fc.tuple(move, move).map((both) => sideBySide(...both)) },
  { weight: 3, arbitrary: fc.constantFrom(...WAITS).map(wait) },
);

/** How often the lane's counts have been written to. */
const changesOf = ({ shards }: LaneOccupancy) => shards.reduce((sum, { changes }) => sum + changes, 0);

/** The counts are those of the open jobs, and were written to once for each start and end. */
async function expectCounts({ jobs, changes }: World): Promise<void> {
  const open = jobs.filter(isOpen);
  const [lane, inFlight] = await Promise.all([readLane('small'), readInFlight(LOCAL_TENANT)]);
  const counted = { open: lane.open, proving: lane.proving, changes: changesOf(lane), inFlight };
  const proving = open.filter(({ state }) => state === 'proving').length;
  expect(counted).toEqual({ open: open.length, proving, changes, inFlight: open.length });
}

async function expectAsModelled(world: World): Promise<void> {
  await expectCounts(world);
  expect((await openIds()).sort()).toEqual(
    world.jobs
      .filter(isOpen)
      .map(({ id }) => id)
      .sort(),
  );
  for (const job of world.jobs) {
    expect(await stored(job)).toEqual(visible(job));
    expect((await lastModified(objectOf.witness(job.id))) !== undefined).toBe(job.hasWitness);
  }
}

const openIds = async () => (await openJobsOf('small', 0)).jobs.map(({ id }) => id);

async function cancelAll(): Promise<void> {
  for (const id of await openIds()) await cancelJob(LOCAL_TENANT, id, 'The sequence is over.');
}

/** @param sequences how many of them, drawn by chance, are held against the model. */
export const testAgainstModel = (sequences: number, patienceMs: number): void =>
  test(
    `job store: ${sequences} sequences of whatever may happen come out as the model says`,
    () => holdAgainstModel(sequences),
    patienceMs,
  );

async function holdAgainstModel(sequences: number): Promise<void> {
  const begun = performance.now();
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat()), { maxLength: 20, size: 'max' }), async (sequence) => {
      const world: World = { now: Date.now(), jobs: [], changes: changesOf(await readLane('small')) };
      try {
        for (const [happen, n] of sequence) {
          await happen(world, (jobs) => jobs[n % jobs.length]);
          await expectCounts(world);
          steps++;
        }
        await expectAsModelled(world);
      } finally {
        // Also of one that failed, or no shorter one could be tried after it.
        await cancelAll();
      }
      for (const job of world.jobs.filter(isOpen)) end(world, job, 'cancelled');
      await expectAsModelled(world);
    }),
    { numRuns: sequences },
  );
  figure('job store', { sequences, steps, took: duration(performance.now() - begun) });
}
