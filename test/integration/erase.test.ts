/** Erasing a tenant: nothing of it is left, and nothing of another one is touched. */
import './scratch.ts';
import { randomBytes, randomUUID } from 'node:crypto';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { cancelOpenJobs, eraseRest, removeKeys, requestsEndAt } from '../../core/access/erase.ts';
import { issueKey } from '../../core/access/issued-keys.ts';
import { closeTenant, createTenant } from '../../core/access/tenant.ts';
import { admitBatch } from '../../core/batches/batch.ts';
import { admitJob, type NewProofJob } from '../../core/jobs/admit.ts';
import { admitOnce } from '../../core/jobs/admit-once.ts';
import { waitingRecord } from '../../core/jobs/attach.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { endJob } from '../../core/jobs/end.ts';
import { requestKeys } from '../../core/keys/build.ts';
import { waitForKeys } from '../../core/keys/waiting.ts';
import { API_TIMEOUT_SECONDS, AUTHORIZE_TIMEOUT_SECONDS, MAX_RESULT_IN_ROW_BYTES } from '../../core/limits.ts';
import { objectOf } from '../../core/store/objects.ts';
import { table } from '../../core/store/table.ts';

const KEYS_ID = 'keys-that-are-being-derived';

const proofOf = (tenant: string): NewProofJob => ({
  ...{ tenant, operation: 'prove', circuit: 'c', k: 6 },
  witness: randomBytes(8),
});

/** A tenant with everything that a tenant can have. @returns the ids of its jobs. */
async function furnish(tenant: string): Promise<string[]> {
  await createTenant(tenant, { inFlight: 100, perDay: 100 });
  for (const name of ['one', 'two']) {
    const limits = { perMinute: 0, perDay: 0 };
    await issueKey({ tenant, kind: 'secret', name, scopes: ['prove'], limits });
  }
  const queued = await admitJob(proofOf(tenant));
  const endsAt = Date.now() + 60_000;
  const waitedFor = await admitJob(proofOf(tenant), ({ id }) =>
    waitingRecord({ tenant, digest: randomUUID(), endsAt }, id),
  );
  const { job: once } = await admitOnce({ tenant, key: randomUUID(), digest: 'd' }, async () => proofOf(tenant));
  const ended = await admitJob(proofOf(tenant));
  const proving = await claimJob(ended.id, 'the message');
  if (!proving) throw new Error('the job could not be claimed');
  await endJob(proving, { state: 'succeeded', result: randomBytes(MAX_RESULT_IN_ROW_BYTES + 1) });
  const keys = { id: KEYS_ID };
  const waiting = await admitJob({ ...proofOf(tenant), keys });
  await waitForKeys(KEYS_ID, waiting.id);
  const part = await admitJob({ ...proofOf(tenant), parent: queued.id });
  const { batch } = await admitBatch(tenant, [
    { circuit: 'c', read: async () => proofOf(tenant) },
    { circuit: 'c', read: () => Promise.reject(new Error('An item that could not be read.')) },
  ]);
  const jobs = [queued, waitedFor, once, ended, waiting, part].map(({ id }) => id);
  return [...jobs, `${batch.items[0]?.job}`];
}

async function rows(): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client: table }, { TableName: process.env.TABLE_NAME })) {
    found.push(...Items);
  }
  return found;
}

async function objects(): Promise<string[]> {
  const found: string[] = [];
  const pages = paginateListObjectsV2(
    { client: new S3Client({ forcePathStyle: true }) },
    { Bucket: process.env.BUCKET_NAME },
  );
  for await (const { Contents = [] } of pages) found.push(...Contents.map(({ Key = '' }) => Key));
  return found;
}

const naming = (all: unknown[], names: string[]) =>
  all.filter((one) => names.some((name) => JSON.stringify(one).includes(name)));

test('leaves nothing of a tenant, and another one as it is', async () => {
  const zkir = { sha256: '0'.repeat(64), bytes: 1 };
  await requestKeys({ id: KEYS_ID, parameters: 'midnight', zkir });
  const [erased, other] = ['to-be-erased', 'other'];
  const jobs = await furnish(erased);
  const others = [other, ...(await furnish(other))];
  const othersRows = naming(await rows(), others);
  const othersObjects = naming(await objects(), others);
  const [, , , ended = ''] = jobs;
  expect(await objects()).toContain(objectOf.result(ended));

  await closeTenant(erased);
  expect(await removeKeys(erased)).toBe(2);
  expect(await cancelOpenJobs(erased)).toBe(jobs.length - 1);
  expect(naming(await objects(), jobs), 'of witnesses there is none any more').toEqual([objectOf.result(ended)]);
  expect(await cancelOpenJobs(erased)).toBe(0);
  expect(await eraseRest(erased)).toEqual({ jobs: jobs.length, batches: 1, records: expect.any(Number) });

  expect(naming(await rows(), [erased, ...jobs])).toEqual([]);
  expect(naming(await objects(), [erased, ...jobs])).toEqual([]);
  expect(naming(await rows(), others)).toEqual(othersRows);
  expect(naming(await objects(), others)).toEqual(othersObjects);
  const open = (await rows()).filter(({ PK, SK }) => `${PK}${SK}`.startsWith('LANE#smallSHARD#'));
  expect(
    open.map((row) => row.open),
    'the lane counts what the other one has',
  ).toEqual([others.length - 2]);

  expect(await eraseRest(erased), 'done again it finds nothing').toEqual({ jobs: 0, batches: 0, records: 0 });
});

test('waits for requests that the keys let in: as long as they are remembered, and may take', () => {
  const end = requestsEndAt('2027-01-01T00:00:00.000Z', 60).toISOString();
  expect(end).toBe(
    new Date(Date.UTC(2027, 0, 1, 0, 0, 60 + AUTHORIZE_TIMEOUT_SECONDS + API_TIMEOUT_SECONDS)).toISOString(),
  );
});
