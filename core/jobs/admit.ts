/** A job comes into being: row and counts in one transaction, then the witness, then the message. */
import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { laneFor, laneNamed } from '../lanes.ts';
import { JOB_RETENTION_HOURS } from '../limits.ts';
import { objectOf, putObject } from '../store/objects.ts';
import { enqueue } from '../store/queues.ts';
import { keyOf, TENANT_INDEX, table, transact } from '../store/table.ts';
import { countChange } from './counts.ts';
import type { Job } from './job.ts';

export type NewJob = Pick<Job, 'tenant' | 'operation' | 'circuit' | 'k' | 'inlined'> & {
  /** Tagged proof preimage, binding input applied. Goes to its own S3 object and nowhere else. */
  witness: Uint8Array;
};

/**
 * Admits a job and puts it into its lane.
 *
 * A crash after the transaction leaves a queued job without `enqueuedAt`; `sweep` enqueues it if its witness arrived and
 * ends it otherwise.
 *
 * @throws NightshiftError QUEUE_FULL if the lane's pending jobs are at capacity, CIRCUIT_TOO_LARGE if no lane takes k.
 */
export async function admitJob({ witness, ...request }: NewJob): Promise<Job> {
  const now = new Date();
  const job: Job = {
    ...request,
    id: randomUUID(),
    state: 'queued',
    lane: (request.operation === 'check' ? laneNamed('small') : laneFor(request.k)).name,
    createdAt: now.toISOString(),
    attempts: 0,
  };
  const outcome = await transact([
    {
      Put: {
        TableName: tableName(),
        Item: {
          ...keyOf.job(job.id),
          [TENANT_INDEX.partitionKey]: `TENANT#${job.tenant}`,
          [TENANT_INDEX.sortKey]: `${job.createdAt}#${job.id}`,
          expiresAt: Math.floor(now.getTime() / 1000) + JOB_RETENTION_HOURS * 3600,
          ...job,
        },
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    },
    ...countChange(job, undefined, 'queued'),
  ]);
  // The id is new, so the condition that failed is the lane's.
  if (!outcome.done) {
    throw new NightshiftError('QUEUE_FULL', `Lane ${job.lane} is full. Try again in a few seconds.`);
  }
  await putObject(objectOf.witness(job.id), witness);
  await enqueueJob(job);
  return job;
}

/** Sends the job's message and notes that it was sent. Sending twice is harmless: a job is claimed by one at a time. */
export async function enqueueJob(job: Job): Promise<void> {
  await enqueue(job.lane, job.id);
  const note = new UpdateCommand({
    TableName: tableName(),
    Key: keyOf.job(job.id),
    UpdateExpression: 'SET enqueuedAt = :now',
    ConditionExpression: 'attribute_exists(PK)',
    ExpressionAttributeValues: { ':now': new Date().toISOString() },
  });
  // prove may be moving the row at this very moment. The message is out: without the note, sweep sends another.
  await table.send(note).catch(() => undefined);
}
