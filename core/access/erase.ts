/**
 * Erasing a tenant. It is closed first, and its keys and open jobs are ended; what is left of it is deleted once nobody can
 * write any of it again. Each step can be repeated, so an erasure that broke off is gone on with by doing it again.
 */
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { batchesOf } from '../batches/batch.ts';
import { tableName } from '../config.ts';
import { cancelJob } from '../jobs/end.ts';
import { jobsOf, readAnyJobs, readJobs } from '../jobs/job.ts';
import { hasEnded } from '../jobs/state.ts';
import { API_TIMEOUT_SECONDS, AUTHORIZE_TIMEOUT_SECONDS } from '../limits.ts';
import { deleteObject, objectOf } from '../store/objects.ts';
import { keyOf } from '../store/row-keys.ts';
import { indexedUnder, type Key, type Row, rowsIn, table } from '../store/table.ts';
import { keysOf } from './api-key.ts';

const AT_ONCE = 16;
/** What is read of the table's rows at a time. */
const PAGE = 100;

/**
 * Those that the index lists, which is late by a moment: a key that was issued just before the tenant was closed is found when
 * this is done again later. Whoever was let in before is for as long as API Gateway remembers.
 *
 * @returns how many keys there were.
 */
export async function removeKeys(tenant: string): Promise<number> {
  const partitions = (await listed(keysOf(tenant))).map(({ PK }) => PK);
  for (const partition of partitions) await removeRows(await rowsIn(partition));
  return partitions.length;
}

/** When requests are over that keys let in. Authorize may have read one just before it was removed, and been slow then. */
export const requestsEndAt = (keysRemovedAt: string, cacheSeconds: number): Date =>
  new Date(Date.parse(keysRemovedAt) + (AUTHORIZE_TIMEOUT_SECONDS + cacheSeconds + API_TIMEOUT_SECONDS) * 1000);

/** @returns how many there were. An attempt at one hears of it within a second, or loses its lease. */
export async function cancelOpenJobs(tenant: string): Promise<number> {
  let cancelled = 0;
  for (const ids of await pagesOfJobs(tenant)) {
    const open = [...(await readJobs(tenant, ids)).values()].filter((job) => !hasEnded(job));
    await pLimit(AT_ONCE).map(open, ({ id }) => cancelJob(tenant, id, 'Its tenant is being erased.'));
    cancelled += open.length;
  }
  return cancelled;
}

export interface Erased {
  jobs: number;
  batches: number;
  /** Counts, and records of requests. */
  records: number;
}

/** Deletes all there is of a tenant whose keys are gone and whose jobs have ended; its own row comes last. */
export async function eraseRest(tenant: string): Promise<Erased> {
  let jobs = 0;
  for (const ids of await pagesOfJobs(tenant)) {
    await eraseJobs(ids);
    jobs += ids.length;
  }
  const batches = await listed(batchesOf(tenant));
  await removeRows(batches);
  const records = await rowsIn(keyOf.inFlight(tenant, '').PK);
  await removeRows(records);
  await removeRows([keyOf.tenant(tenant)]);
  return { jobs, batches: batches.length, records: records.length };
}

/** Objects before rows: what broke off is found again by the rows. */
async function eraseJobs(ids: string[]): Promise<void> {
  await pLimit(AT_ONCE).map(
    ids.flatMap((id) => [objectOf.witness(id), objectOf.result(id), objectOf.answer(id)]),
    deleteObject,
  );
  const waiting = (await readAnyJobs(ids)).flatMap((job) =>
    'keys' in job && job.keys ? [keyOf.waiting(job.keys.id, job.id)] : [],
  );
  await removeRows([...waiting, ...ids.map(keyOf.job)]);
}

async function pagesOfJobs(tenant: string): Promise<string[][]> {
  const ids = (await listed(jobsOf(tenant))).map(({ id }) => `${id}`);
  return Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, page) => ids.slice(page * PAGE, (page + 1) * PAGE));
}

/** All that the index has there: keys and ids. */
const listed = (partition: string): Promise<Row[]> => Array.fromAsync(indexedUnder(partition));

const removeRows = (rows: Key[]): Promise<unknown> =>
  pLimit(AT_ONCE).map(rows, ({ PK, SK }) => table.send(new DeleteCommand({ TableName: tableName(), Key: { PK, SK } })));
