/** Many admissions at once, where DynamoDB refuses transactions that touch the same item: counts stay exact. */
import { afterAll, afterEach, describe, expect, inject, test } from 'vitest';
import { startFaultyAws } from '../stack/faulty-aws.ts';
import { createScratch } from '../stack/scratch-aws.ts';
import { conflicting } from '../stack/transaction-conflicts.ts';
import { duration, figure, percentile } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';

const aws = await startFaultyAws(inject('awsEndpoint'));
await createScratch(aws.url);
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
const { admitJob } = await import('../../core/jobs/admit.ts');
const { endJob } = await import('../../core/jobs/end.ts');
const { LOCAL_TENANT } = await import('../../core/access/tenant.ts');
const { readLane } = await import('../../core/jobs/lane-counts.ts');
const { openJobsOf } = await import('../../core/jobs/open-jobs.ts');
const { readInFlight } = await import('../../core/jobs/tenant-counts.ts');

const ADMISSIONS = 200;
const REQUESTS = 30;
const ENDING = { state: 'failed', error: { code: 'INTERNAL', message: 'The test is over.' } } as const;
const newJob = { tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) } as const;

afterEach(() => aws.behave());
afterAll(() => aws.close());

type Outcome = { ms: number } & ({ job: Awaited<ReturnType<typeof admitJob>> } | { refusal: string });

async function admit(): Promise<Outcome> {
  const begun = performance.now();
  const outcome = await admitJob(newJob).then(
    (job) => ({ job }),
    (error: Error & { code?: string }) => ({ refusal: error.code ?? `${error}` }),
  );
  return { ...outcome, ms: performance.now() - begun };
}

/** What counts say, and what they ought to say. */
async function counted() {
  const { open, shards } = await readLane('small');
  const rows = await Promise.all(shards.map(({ shard }) => openJobsOf('small', shard)));
  const tenant = await readInFlight(LOCAL_TENANT);
  return { open, tenant, rows: rows.flatMap(({ jobs, gone }) => [...jobs, ...gone]).length };
}

describe.each([
  ['one item', { maxConcurrency: 20, capacity: 100 }],
  ['several items', { maxConcurrency: 20, capacity: 400 }],
])('admission: %s', (items, caps) => {
  test(`${ADMISSIONS} at once`, async () => {
    process.env.LANES = JSON.stringify({ lanes: { small: caps } });
    const most = caps.capacity + caps.maxConcurrency;
    const conflicts = conflicting();
    aws.behave(conflicts);

    let over = false;
    const watched = watch(() => over);
    const begun = performance.now();
    const outcomes = await Promise.all(Array.from({ length: ADMISSIONS }, admit));
    const tookMs = performance.now() - begun;
    over = true;

    const admitted = outcomes.flatMap((outcome) => ('job' in outcome ? [outcome.job] : []));
    const refusals = outcomes.flatMap((outcome) => ('refusal' in outcome ? [outcome.refusal] : []));
    expect(new Set(refusals)).toEqual(new Set(most < ADMISSIONS ? ['QUEUE_FULL'] : []));
    expect(admitted).toHaveLength(Math.min(most, ADMISSIONS));
    expect(Math.max(...(await watched))).toBeLessThanOrEqual(most);
    const jobs = admitted.length;
    expect(await counted()).toEqual({ open: jobs, tenant: jobs, rows: jobs });

    const endingMs = await ended(admitted);
    expect(await counted()).toEqual({ open: 0, tenant: 0, rows: 0 });

    const ms = outcomes.map((outcome) => outcome.ms);
    figure(`admission, ${items}`, {
      'at once': ADMISSIONS,
      admitted: jobs,
      refused: refusals.length,
      conflicts: conflicts.refused.transactions,
      p50: duration(percentile(ms, 0.5)),
      p99: duration(percentile(ms, 0.99)),
      'in all': duration(tookMs),
      'all ended in': duration(endingMs),
    });
  });
});

/** The lane's open jobs, as often as they can be read until it is over. */
async function watch(isOver: () => boolean): Promise<number[]> {
  const seen: number[] = [];
  while (!isOver()) seen.push((await readLane('small')).open);
  return seen;
}

async function ended(jobs: Awaited<ReturnType<typeof admitJob>>[]): Promise<number> {
  const begun = performance.now();
  expect(await Promise.all(jobs.map((job) => endJob(job, ENDING)))).toEqual(jobs.map(() => true));
  return performance.now() - begun;
}

test(`admission: ${REQUESTS} at once over HTTP`, async () => {
  const proofs = await SmallProofs.at(inject('baseUrl'));
  const before = await proofs.occupancy();
  const requests = await Promise.all(Array.from({ length: REQUESTS }, proofs.request));
  const ms: number[] = [];
  const begun = performance.now();
  const jobs = await Promise.all(
    requests.map(async (request) => {
      const job = await proofs.nightshift.submit(proofs.form(request));
      ms.push(performance.now() - begun);
      return job;
    }),
  );
  for (const job of jobs) expect(await proofs.nightshift.wait(job)).toMatchObject({ state: 'succeeded', attempts: 1 });
  expect(await proofs.occupancy()).toEqual(before);
  figure('admission over HTTP', {
    'at once': REQUESTS,
    p50: duration(percentile(ms, 0.5)),
    p99: duration(percentile(ms, 0.99)),
  });
});
