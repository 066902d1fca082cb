/** How far a batch is. */
import type { z } from 'zod';
import type { batchView as schema } from '../api/batches.ts';
import { currentTime } from '../clock.ts';
import { developmentNote, warningHeader } from '../contracts/development.ts';
import { followJob } from '../jobs/follow.ts';
import type { Job } from '../jobs/job.ts';
import { hasEnded } from '../jobs/state.ts';
import { ENQUEUE_GRACE_SECONDS, MAX_BODY_BYTES } from '../limits.ts';
import { type Batch, readJobsOf } from './batch.ts';

export type BatchView = z.infer<typeof schema>;
type Item = BatchView['items'][number];

const BROKE_OFF = { code: 'INTERNAL' as const, message: 'The request broke off. Please submit it again.' };

/** Returns when every job of the batch has ended, or when `signal` aborts. One after the other: it ends with the last. */
export async function waitForBatch({ tenant, items, refused = {} }: Batch, signal: AbortSignal): Promise<void> {
  const admitted = items.filter((_, index) => !refused[index]);
  for (const { job } of admitted) {
    if (signal.aborted) return;
    await followJob(tenant, job, signal);
  }
}

/** The batch as `/v1` shows it, with the proofs that there is room for. */
export const batchView = async (batch: Batch): Promise<BatchView> => viewOf(batch, await readJobsOf(batch));

/** As it is right after its admission: nothing that could fail any more has to be read for that. */
export const newBatchView = (batch: Batch): BatchView => viewOf(batch, new Map());

function viewOf(batch: Batch, jobs: Map<string, Job>): BatchView {
  const { id, createdAt } = batch;
  const items = batch.items.map((item, index) => itemView(batch, item, index, jobs.get(item.job)));
  const state = items.every(hasEnded) ? 'ended' : 'running';
  return { id, state, createdAt, items: asFarAsTheyFit(items), links: { self: `/v1/batches/${id}` } };
}

/** If any of it is made with development parameters. */
export const batchWarning = ({ items }: BatchView): Record<string, string> =>
  warningHeader(items.find(({ warning }) => warning) ?? {});

function itemView(batch: Batch, item: Batch['items'][number], index: number, job: Job | undefined): Item {
  const { circuit, contract } = item;
  const about = { circuit, ...developmentNote(contract) };
  if (job) return { job: job.id, ...about, state: job.state, error: job.error, ...resultIn(job) };
  const error = batch.refused?.[index] ?? (isBrokenOff(batch) ? BROKE_OFF : undefined);
  return error ? { ...about, state: 'failed', error } : { job: item.job, ...about, state: 'queued' };
}

const resultIn = (job: Job): Pick<Item, 'statement' | 'proof'> =>
  job.operation === 'prove' && job.result
    ? { statement: job.statement, proof: Buffer.from(job.result).toString('base64') }
    : {};

const isBrokenOff = ({ createdAt, refused }: Batch): boolean =>
  !refused && currentTime().getTime() - Date.parse(createdAt) > ENQUEUE_GRACE_SECONDS * 1000;

/** Statements can be long. What has no room is to be had from its job. */
function asFarAsTheyFit(items: Item[]): Item[] {
  let room = MAX_BODY_BYTES;
  return items.map((item) => {
    room -= JSON.stringify(item).length;
    if (room >= 0) return item;
    const { statement: _statement, proof: _proof, ...rest } = item;
    return rest;
  });
}
