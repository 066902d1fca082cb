import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { queueUrls, tableName } from '../../core/config.ts';
import { admitJob, type NewProofJob } from '../../core/jobs/admit.ts';
import { AttemptRunningError, claimJob, releaseJob } from '../../core/jobs/claim.ts';
import { type Ending, endJob, resultOf } from '../../core/jobs/end.ts';
import { type Job, type ProofJob, readJob } from '../../core/jobs/job.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';
import { laneOf } from '../../core/jobs/lane-of.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { MAX_RESULT_IN_ROW_BYTES } from '../../core/limits.ts';
import { getObject, objectOf, putObject } from '../../core/store/objects.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
import { storedWitness } from '../stack/stored-witness.ts';

/** By which the jobs are delivered. */
const MESSAGE = 'message';

const witness = new TextEncoder().encode('not for anyone');
const newJob: NewProofJob = {
  tenant: LOCAL_TENANT,
  operation: 'prove',
  circuit: 'midnight/zswap/output',
  k: 14,
  witness,
};
const failure: Ending = { state: 'failed', error: { code: 'INVALID_WITNESS', message: 'No.' } };
const broke = { code: 'OUT_OF_MEMORY', message: 'Too much.' } as const;
const success: Ending = { state: 'succeeded', result: new Uint8Array([1, 2, 3]), statement: ['7'] };

const open: Job[] = [];
async function admit(overrides: Partial<NewProofJob> = {}): Promise<Job> {
  const job = await admitJob({ ...newJob, ...overrides });
  open.push(job);
  return job;
}

/** Every test leaves the counts at zero; this ends what it left open. */
afterEach(async () => {
  for (const { id } of open.splice(0)) {
    const job = await readJob(LOCAL_TENANT, id);
    if (job && (job.state === 'queued' || job.state === 'proving')) await endJob(job, failure);
  }
  expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 0 });
});

describe('admission', () => {
  test('stores the witness, sealed, in one object, counts the job and sends its id', async () => {
    const job = await admit();
    expect(job).toMatchObject({ state: 'queued', lane: 'medium', attempts: 0 });
    expect(await readOccupancy()).toMatchObject({ pending: 1, proving: 0 });
    expect(await storedWitness(job)).toEqual(witness);
    const { Item } = await table.send(new GetCommand({ TableName: tableName(), Key: keyOf.job(job.id) }));
    const fields = 'id tenant operation state circuit k lane shards createdAt enqueuedAt attempts expiresAt'.split(' ');
    expect(Object.keys(Item ?? {}).sort()).toEqual([...fields, 'PK', 'SK', 'GSI1PK', 'GSI1SK'].sort());

    const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrls().medium, WaitTimeSeconds: 5 }),
    );
    expect(Messages?.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([{ version: 1, jobId: job.id }]);
  });

  test('a check goes to the small lane whatever the size of its circuit', async () => {
    expect(await admit({ operation: 'check' })).toMatchObject({ lane: 'small' });
  });

  test('a circuit above the largest lane is refused with the numbers', async () => {
    await expect(admit({ k: 25 })).rejects.toMatchObject({
      code: 'CIRCUIT_TOO_LARGE',
      message: 'The circuit has k=25; the largest lane takes k up to 19.',
    });
  });

  test('a full lane refuses, also under contention, and takes jobs again once one has ended; parts of a transaction it always takes', async () => {
    const { capacity, maxConcurrency } = laneOf({ lane: 'large' });
    const most = capacity + maxConcurrency;
    const large = { k: 18 };
    const outcomes = await Promise.allSettled(Array.from({ length: most + 5 }, () => admit(large)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array(5).fill('QUEUE_FULL'));
    expect(await readOccupancy()).toMatchObject({ pending: most });

    await expect(admit({ ...large, parent: randomUUID() })).resolves.toMatchObject({ state: 'queued' });
    for (const job of open.slice(0, 2)) await endJob(job, failure);
    await expect(admit(large)).resolves.toMatchObject({ state: 'queued' });
  });
});

describe('claiming', () => {
  test('of ten deliveries at once, one takes a queued job and the others have to wait', async () => {
    const { id } = await admit();
    const claims = await Promise.allSettled(Array.from({ length: 10 }, () => claimJob(id, MESSAGE)));
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const claim of claims)
      if (claim.status === 'rejected') expect(claim.reason).toBeInstanceOf(AttemptRunningError);
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ state: 'proving', attempts: 1 });
    expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 1 });
  });

  test('a delivery takes over when the attempt before has run out of time; that one can no longer end the job', async () => {
    const { id } = await admit();
    const first = (await claimJob(id, MESSAGE)) as Job;
    await expect(claimJob(id, MESSAGE)).rejects.toBeInstanceOf(AttemptRunningError);
    const second = (await claimJob(id, MESSAGE, new Date(Date.now() + 16_000))) as Job;
    expect(second.attempts).toBe(2);
    expect(await endJob(first, failure)).toBe(false);
    expect(await storedWitness(second)).toEqual(witness);
    expect(await endJob(second, success)).toBe(true);
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ state: 'succeeded', attempts: 2 });
  });

  test('a delivery takes over at once from an attempt that gave up', async () => {
    const { id } = await admit();
    await releaseJob((await claimJob(id, MESSAGE)) as Job, broke);
    expect(await claimJob(id, MESSAGE)).toMatchObject({ state: 'proving', attempts: 2 });
  });

  test('another message of a job that is being worked at has nothing left to do', async () => {
    const { id } = await admit();
    await claimJob(id, MESSAGE);
    expect(await claimJob(id, 'another')).toBeUndefined();
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ state: 'proving', attempts: 1, message: MESSAGE });
  });

  test('a job that has had its attempts ends with the last cause that is known', async () => {
    const { id } = await admit();
    await releaseJob((await claimJob(id, MESSAGE)) as Job, broke);
    for (const minutes of [1, 2]) {
      const later = new Date(Date.now() + minutes * 60_000);
      expect(await claimJob(id, MESSAGE, later)).toMatchObject({ attempts: minutes + 1 });
    }
    expect(await claimJob(id, MESSAGE, new Date(Date.now() + 180_000))).toBeUndefined();
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ state: 'failed', attempts: 3, error: broke });
  });

  test('of an ended job there is nothing to claim, and a witness left behind goes', async () => {
    const job = await admit();
    await endJob((await claimJob(job.id, MESSAGE)) as Job, success);
    await putObject(objectOf.witness(job.id), witness);
    expect(await claimJob(job.id, MESSAGE)).toBeUndefined();
    expect(await getObject(objectOf.witness(job.id))).toBeUndefined();
  });
});

describe('ending', () => {
  test.each([success, failure])(
    'happens once, gives the counts back and deletes the witness: $state',
    async (ending) => {
      const { id } = await admit();
      const job = (await claimJob(id, MESSAGE)) as Job;
      const ended = await Promise.all(Array.from({ length: 5 }, () => endJob(job, ending)));
      expect(ended.filter(Boolean)).toHaveLength(1);
      expect(await getObject(objectOf.witness(id))).toBeUndefined();
      expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ ...ending, endedAt: expect.any(String) });
    },
  );

  test.each([
    ['beside which the result has no room is kept, and so is that', 20_000, 200_000],
    ['that alone is too long for a row is left out', 40_000, 3],
  ])('a statement %s', async (_, inputs, resultBytes) => {
    const { id } = await admit();
    const result = new Uint8Array(resultBytes).fill(1);
    const statement = Array<string>(inputs).fill('1234567');
    await endJob((await claimJob(id, MESSAGE)) as Job, { state: 'succeeded', result, statement });
    const ended = (await readJob(LOCAL_TENANT, id)) as ProofJob;
    expect(ended.statement).toEqual(JSON.stringify(statement).length > MAX_RESULT_IN_ROW_BYTES ? undefined : statement);
    expect(Buffer.from((await resultOf(ended)) ?? []).equals(result)).toBe(true);
  });

  test('wakes who waits', async () => {
    const { id } = await admit();
    const waiting = waitForJob(LOCAL_TENANT, id, AbortSignal.timeout(20_000));
    await endJob((await claimJob(id, MESSAGE)) as Job, success);
    expect(await waiting).toMatchObject({ state: 'succeeded' });
  });

  test('who waits too short gets the job as it stands', async () => {
    const { id } = await admit();
    expect(await waitForJob(LOCAL_TENANT, id, AbortSignal.timeout(100))).toMatchObject({ id, state: 'queued' });
  });
});

test('another tenant does not see the job', async () => {
  const { id } = await admit();
  expect(await readJob('somebody else', id)).toBeUndefined();
});
