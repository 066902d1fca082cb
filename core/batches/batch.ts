/** A batch: jobs that came in together. The row says which; how far they are, their own rows say. */
import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { z } from 'zod';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { circuitName } from '../contracts/names.ts';
import { ERROR_CODES, publicError } from '../errors.ts';
import { admitJob, type NewJob } from '../jobs/admit.ts';
import { cancelJob } from '../jobs/end.ts';
import { idempotencyRecord, type KeyedRequest, madeBefore } from '../jobs/idempotency.ts';
import { type Job, readJobs } from '../jobs/job.ts';
import { expectValid } from '../sealing/sealing-keys.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, INDEX, rowAt, table, transact } from '../store/table.ts';

const batchRow = z.object({
  id: z.uuid(),
  tenant: z.string(),
  createdAt: z.iso.datetime(),
  items: z.array(z.object({ job: z.uuid(), circuit: circuitName, contract: z.string().optional() })),
  /** Why items could not become jobs, by position; there once all others are. */
  refused: z.record(z.string(), z.object({ code: z.enum(ERROR_CODES), message: z.string() })).optional(),
});
export type Batch = z.infer<typeof batchRow>;

/** One job to be; `read` throws if it can't be one. */
export interface NewItem {
  /** That the client chose. */
  id?: string | undefined;
  circuit: string;
  contract?: string;
  /** What it is sealed with: the key's id. */
  sealingKey?: string | undefined;
  read: () => Promise<NewJob>;
}

/** They all write to the same counts. */
const AT_ONCE = 8;

/**
 * Admits a batch, each item failing alone. The row comes first, with the ids that the jobs will have: the same request
 * with the same Idempotency-Key goes on where the one before broke off.
 *
 * @throws NightshiftError CONFLICT; SEALING_KEY_NOT_FOUND, since all can be sealed anew; with a key, what kept an item from becoming a job without being its fault. Nobody could
 *   go on with a batch that has none: there the item has failed.
 */
export async function admitBatch(
  tenant: string,
  items: NewItem[],
  request?: KeyedRequest,
): Promise<{ batch: Batch; isReplay: boolean }> {
  const { batch, isReplay } = await writtenBatch(tenant, items, request);
  if (batch.refused || !isFor(batch, items)) return { batch, isReplay };
  if (isReplay) await expectSealingKeys(items);
  const errors = await pLimit(AT_ONCE).map(items, (item, index) => admitItem(batch, item, index));
  const passing = errors.find(isPassing);
  if (request && passing) throw passing;
  const refused = Object.fromEntries(
    errors.flatMap((error, index) => (error ? [[String(index), publicError(error)]] : [])),
  );
  await table.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keyOf.batch(batch.id),
      UpdateExpression: 'SET refused = :refused',
      ExpressionAttributeValues: { ':refused': refused },
    }),
  );
  return { batch: { ...batch, refused }, isReplay };
}

/** Where the index lists them. */
export const batchesOf = (tenant: string): string => `BATCHES#${tenant}`;

/** @returns undefined if the tenant has no such batch. */
export async function readBatch(tenant: string, id: string): Promise<Batch | undefined> {
  const row = await rowAt(keyOf.batch(id));
  const batch = row && batchRow.parse(row);
  return batch?.tenant === tenant ? batch : undefined;
}

/** Its jobs that there are, by id. An item that was refused may have named another one's. */
export async function readJobsOf({ id, tenant, items }: Batch): Promise<Map<string, Job>> {
  const jobs = await readJobs(
    tenant,
    items.map(({ job }) => job),
  );
  return new Map([...jobs].filter(([, job]) => job.batch === id));
}

/** Cancels the jobs that have not ended. */
export async function cancelBatch(batch: Batch): Promise<void> {
  const ids = [...(await readJobsOf(batch)).keys()];
  await pLimit(AT_ONCE).map(ids, (id) => cancelJob(batch.tenant, id, 'Its batch was cancelled.'));
}

async function batchMadeBefore(tenant: string, request?: KeyedRequest): Promise<Batch | undefined> {
  const id = request && (await madeBefore(request));
  return id === undefined ? undefined : readBatch(tenant, id);
}

async function writtenBatch(
  tenant: string,
  items: NewItem[],
  request?: KeyedRequest,
): Promise<{ batch: Batch; isReplay: boolean }> {
  const earlier = await batchMadeBefore(tenant, request);
  if (earlier) return { batch: earlier, isReplay: true };
  await expectSealingKeys(items);
  const id = randomUUID();
  const batch: Batch = {
    id,
    tenant,
    createdAt: currentTime().toISOString(),
    items: items.map(({ id = randomUUID(), circuit, contract }) => ({ job: id, circuit, contract })),
  };
  const { done } = await transact([
    {
      Put: {
        TableName: tableName(),
        Item: {
          ...keyOf.batch(id),
          [INDEX.partitionKey]: batchesOf(tenant),
          [INDEX.sortKey]: batch.createdAt,
          expiresAt: expiresAt(),
          ...batch,
        },
      },
    },
    ...(request ? [idempotencyRecord(request, id)] : []),
  ]);
  // Otherwise the same request, at the same time, came first.
  return done ? { batch, isReplay: false } : writtenBatch(tenant, items, request);
}

/** Each is looked at once, however many items are sealed with it. @throws NightshiftError SEALING_KEY_NOT_FOUND */
async function expectSealingKeys(items: NewItem[]): Promise<void> {
  const ids = new Set(items.flatMap(({ sealingKey }) => sealingKey ?? []));
  await Promise.all([...ids].map((id) => expectValid(id)));
}

/** Not if its witnesses are sealed for jobs of other ids: then those that are not there yet are not to be had any more. */
const isFor = (batch: Batch, items: NewItem[]): boolean =>
  items.every(({ id }, index) => id === undefined || id === batch.items[index]?.job);

/** @returns why it could not become a job, if so: the others are to be admitted all the same. */
async function admitItem({ id, tenant, items }: Batch, { read }: NewItem, index: number): Promise<unknown> {
  try {
    await admitJob({ ...(await read()), tenant, id: items[index]?.job, batch: id });
    return undefined;
  } catch (error) {
    return error;
  }
}

/** No fault of the item's. */
const isPassing = (error: unknown): boolean => error !== undefined && publicError(error).code === 'INTERNAL';
