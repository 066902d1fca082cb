/** A job comes into being: row and counts in one transaction, then the witness, then the message. */
import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { laneFor, laneNamed } from '../lanes.ts';
import { JOB_RETENTION_HOURS } from '../limits.ts';
import { objectOf, putObject } from '../store/objects.ts';
import { enqueue } from '../store/queues.ts';
import { keyOf, table, transact } from '../store/table.ts';
import { countChange } from './counts.ts';
import type { Job } from './job.ts';

export type NewJob = Pick<Job, 'tenant' | 'operation' | 'circuit' | 'k' | 'inlined'> & {
  /** Tagged proof preimage, binding input applied. Goes to its own S3 object and nowhere else. */
  witness: Uint8Array;
};

const LANE_COUNT = 1;

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
          GSI1PK: `TENANT#${job.tenant}`,
          GSI1SK: `${job.createdAt}#${job.id}`,
          expiresAt: Math.floor(now.getTime() / 1000) + JOB_RETENTION_HOURS * 3600,
          ...job,
        },
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    },
    ...countChange(job, undefined, 'queued'),
  ]);
  if (!outcome.done) {
    if (!outcome.failed.includes(LANE_COUNT)) throw new Error('a job with this id exists');
    throw new NightshiftError('QUEUE_FULL', `Lane ${job.lane} is full. Try again in a few seconds.`);
  }
  await putObject(objectOf.witness(job.id), witness);
  await enqueueJob(job);
  return job;
}

/** Sends the job's message and notes that it was sent. Sending twice is harmless: only one claim succeeds. */
export async function enqueueJob(job: Job): Promise<void> {
  await enqueue(job.lane, job.id);
  await table.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keyOf.job(job.id),
      UpdateExpression: 'SET enqueuedAt = :now',
      ExpressionAttributeValues: { ':now': new Date().toISOString() },
    }),
  );
}
