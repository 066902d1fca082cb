/** A job comes into being: row and counts in one transaction, then the witness, then the message. */
import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { lanes, tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { objectOf, putObject } from '../store/objects.ts';
import { enqueue } from '../store/queues.ts';
import { expiresAt, INDEX, keyOf, table, transact, type Write } from '../store/table.ts';
import { countAdmission } from './counts.ts';
import { type Job, type ProofJob, readJob, type TransactionJob } from './job.ts';
import { provingLane } from './lane-of.ts';

type Asked<J extends Job> = Pick<J, 'tenant' | 'operation'> & {
  /** Given where the same request may be made again: it then comes upon the job that it made before. */
  id?: string;
  /** Tagged bytes. They go to an S3 object of their own and nowhere else. */
  witness: Uint8Array;
};

/** One proof, or its check; the witness is the proof preimage, binding input applied. */
export type NewProofJob = Asked<ProofJob> &
  Pick<ProofJob, 'circuit' | 'contract' | 'k' | 'provingBytes' | 'keys' | 'inlined' | 'parent'>;

/** A transaction; the witness is the unproven transaction. */
export type NewTransactionJob = Asked<TransactionJob> & Pick<TransactionJob, 'circuits'>;

export type NewJob = NewProofJob | NewTransactionJob;

/**
 * Admits a job and puts it into its lane.
 *
 * A crash after the transaction leaves a queued job without `enqueuedAt`; `sweep` enqueues it if its witness arrived and
 * ends it otherwise.
 *
 * @param recordOf writes something that has to come into being together with the job.
 * @throws NightshiftError QUEUE_FULL if the lane's pending jobs are at capacity (never for a part of a transaction, which
 *   was admitted as a whole); CIRCUIT_TOO_LARGE if no lane takes k.
 */
export async function admitJob({ witness, ...request }: NewJob, recordOf?: (job: Job) => Write): Promise<Job> {
  const job: Job = {
    ...request,
    id: request.id ?? randomUUID(),
    state: 'queued',
    lane: (request.operation === 'transaction' ? lanes().transaction : provingLane(request.operation, request)).name,
    createdAt: new Date().toISOString(),
    attempts: 0,
  };
  const isPart = job.operation !== 'transaction' && job.parent !== undefined;
  const outcome = await transact([
    {
      Put: {
        TableName: tableName(),
        Item: {
          ...keyOf.job(job.id),
          [INDEX.partitionKey]: `TENANT#${job.tenant}`,
          [INDEX.sortKey]: `${job.createdAt}#${job.id}`,
          expiresAt: expiresAt(),
          ...job,
        },
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    },
    ...countAdmission(job, { always: isPart }),
    ...(recordOf ? [recordOf(job)] : []),
  ]);
  if (!outcome.done) {
    const existing = outcome.failed.includes(0) && (await readJob(job.tenant, job.id));
    if (!existing) throw new NightshiftError('QUEUE_FULL', `Lane ${job.lane} is full. Try again in a few seconds.`);
    // Its request broke off on the way here.
    if (existing.state === 'queued' && !existing.enqueuedAt) await submit(existing, witness);
    return existing;
  }
  await submit(job, witness);
  return job;
}

async function submit(job: Job, witness: Uint8Array): Promise<void> {
  await putObject(objectOf.witness(job.id), witness);
  await enqueueJob(job);
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
