/** How far a batch is. */
import type { z } from 'zod';
import type { batchView as schema } from '../api/batches.ts';
import { noteOnJob, warningHeader } from '../contracts/development.ts';
import { type Job, readJobs } from '../jobs/job.ts';
import { hasEnded } from '../jobs/state.ts';
import { waitForJob } from '../jobs/wait.ts';
import { ENQUEUE_GRACE_SECONDS, MAX_BODY_BYTES } from '../limits.ts';
import type { Batch } from './batch.ts';

export type BatchView = z.infer<typeof schema>;
type Item = BatchView['items'][number];

const BROKE_OFF = { code: 'INTERNAL' as const, message: 'The request broke off. Please submit it again.' };

/** Returns when every job of the batch has ended, or when `signal` aborts. One after the other: it ends with the last. */
export async function waitForBatch({ tenant, items }: Batch, signal: AbortSignal): Promise<void> {
  for (const { job } of items) {
    if (signal.aborted) return;
    await waitForJob(tenant, job, signal);
  }
}

/** The batch as `/v1` shows it, with the proofs that there is room for. */
export async function batchView(batch: Batch): Promise<BatchView> {
  const { id, tenant, createdAt } = batch;
  const ids = batch.items.map(({ job }) => job);
  const jobs = await readJobs(tenant, ids);
  const items = batch.items.map(({ job, circuit }, index) => itemView(batch, index, circuit, jobs.get(job)));
  const state = items.every(hasEnded) ? 'ended' : 'running';
  return { id, state, createdAt, items: asFarAsTheyFit(items), links: { self: `/v1/batches/${id}` } };
}

/** If any of it is made with development parameters. */
export const batchWarning = ({ items }: BatchView): Record<string, string> =>
  warningHeader(items.find(({ warning }) => warning) ?? {});

function itemView({ createdAt, refused }: Batch, index: number, circuit: string, job: Job | undefined): Item {
  if (!job) {
    const error = refused?.[index] ?? (isBrokenOff(createdAt) ? BROKE_OFF : undefined);
    return error ? { circuit, state: 'failed', error } : { circuit, state: 'queued' };
  }
  const item = { job: job.id, circuit, ...noteOnJob(job), state: job.state, error: job.error };
  if (job.operation !== 'prove' || !job.result) return item;
  return { ...item, statement: job.statement, proof: Buffer.from(job.result).toString('base64') };
}

const isBrokenOff = (createdAt: string): boolean => Date.now() - Date.parse(createdAt) > ENQUEUE_GRACE_SECONDS * 1000;

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
