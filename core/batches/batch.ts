/** A batch: jobs that came in together. The row says which; how far they are, their own rows say. */
import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { z } from 'zod';
import { tableName } from '../config.ts';
import { circuitName } from '../contracts/names.ts';
import { ERROR_CODES, NightshiftError, publicError } from '../errors.ts';
import { admitJob, type NewJob } from '../jobs/admit.ts';
import { cancelJob } from '../jobs/end.ts';
import { idempotencyRecord, type KeyedRequest, madeBefore } from '../jobs/idempotency.ts';
import { expiresAt, keyOf, rowAt, table, transact } from '../store/table.ts';

const batchRow = z.object({
  id: z.uuid(),
  tenant: z.string(),
  createdAt: z.iso.datetime(),
  items: z.array(z.object({ job: z.uuid(), circuit: circuitName })),
  /** Why items could not become jobs, by position; there once all others are. */
  refused: z.record(z.string(), z.object({ code: z.enum(ERROR_CODES), message: z.string() })).optional(),
});
export type Batch = z.infer<typeof batchRow>;

/** One job to be; `read` throws if it can't be one. */
export interface NewItem {
  circuit: string;
  read: () => Promise<NewJob>;
}

/** They all write to the same counts. */
const AT_ONCE = 8;

/**
 * Admits a batch, each item failing alone. The row comes first, with the ids that the jobs will have: the same request
 * with the same Idempotency-Key goes on where the one before broke off.
 *
 * @throws NightshiftError CONFLICT
 */
export async function admitBatch(
  tenant: string,
  items: NewItem[],
  request?: KeyedRequest,
): Promise<{ batch: Batch; isReplay: boolean }> {
  const earlier = await batchMadeBefore(tenant, request);
  const isReplay = earlier !== undefined;
  const batch = earlier ?? (await writeBatch(tenant, items, request));
  if (batch.refused) return { batch, isReplay };
  const refusals = await pLimit(AT_ONCE).map(items, (item, index) => admitItem(batch, item, index));
  const refused = Object.fromEntries(refusals.flatMap((error, index) => (error ? [[String(index), error]] : [])));
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

/** @returns undefined if the tenant has no such batch. */
export async function readBatch(tenant: string, id: string): Promise<Batch | undefined> {
  const row = await rowAt(keyOf.batch(id));
  const batch = row && batchRow.parse(row);
  return batch?.tenant === tenant ? batch : undefined;
}

/** Cancels the jobs that have not ended. */
export async function cancelBatch({ tenant, items }: Batch): Promise<void> {
  await pLimit(AT_ONCE).map(items, ({ job }) => cancelJob(tenant, job, 'Its batch was cancelled.'));
}

async function batchMadeBefore(tenant: string, request?: KeyedRequest): Promise<Batch | undefined> {
  const id = request && (await madeBefore(request));
  return id === undefined ? undefined : readBatch(tenant, id);
}

async function writeBatch(tenant: string, items: NewItem[], request?: KeyedRequest): Promise<Batch> {
  const id = randomUUID();
  const batch: Batch = {
    id,
    tenant,
    createdAt: new Date().toISOString(),
    items: items.map(({ circuit }) => ({ job: randomUUID(), circuit })),
  };
  const { done } = await transact([
    { Put: { TableName: tableName(), Item: { ...keyOf.batch(id), ...batch, expiresAt: expiresAt() } } },
    ...(request ? [idempotencyRecord(request, id)] : []),
  ]);
  const made = done ? batch : await batchMadeBefore(tenant, request);
  if (!made) throw new Error('the batch was made before, and is gone');
  return made;
}

/** @returns why it could not become a job. @throws what is no fault of the item's: the batch can be gone on with. */
async function admitItem({ id, tenant, items }: Batch, { read }: NewItem, index: number) {
  try {
    await admitJob({ ...(await read()), tenant, id: items[index]?.job, batch: id });
    return undefined;
  } catch (error) {
    if (error instanceof NightshiftError && error.code !== 'INTERNAL') return publicError(error);
    throw error;
  }
}
