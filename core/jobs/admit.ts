/** A job comes into being: row and counts in one transaction, then keys that came along, the witness, and the message. */
import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { KeyLimits } from '../access/key-limits.ts';
import { type InlinedFile, storeInlined } from '../circuits/inlined.ts';
import { currentTime } from '../clock.ts';
import { lanes, tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import type { LaneName } from '../lanes.ts';
import { sealedFor, type Witness } from '../sealing/at-rest.ts';
import { currentSealingKey } from '../sealing/sealing-keys.ts';
import { objectOf, putObject } from '../store/objects.ts';
import { enqueue } from '../store/queues.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, INDEX, table, transact, type Write } from '../store/table.ts';
import { countAdmission, placeFor, shardsOf } from './counts.ts';
import { deadlineAfter } from './deadline.ts';
import { type Job, jobsOf, type ProofJob, readJob, type TransactionJob } from './job.ts';
import { provingLane } from './lane-of.ts';

type Asked<J extends Job> = Pick<
  J,
  'tenant' | 'apiKey' | 'synchronous' | 'operation' | 'labels' | 'batch' | 'idempotencyKey'
> & {
  id?: string;
  deadlineSeconds?: number;
  /** Of the API key. */
  keyLimits?: KeyLimits;
  /** It goes, sealed, to an S3 object of its own and nowhere else. */
  witness: Witness;
  /** Keys that came along, which the row knows as artifacts. They are stored once there is a place for the job. */
  keyFiles?: InlinedFile[];
};

/** One proof, or its check; the witness is the proof preimage. */
export type NewProofJob = Asked<ProofJob> &
  Pick<ProofJob, 'circuit' | 'contract' | 'bindingInput' | 'k' | 'provingBytes' | 'keys' | 'inlined' | 'parent'> & {
    /** A larger lane than the circuit needs. */
    lane?: LaneName;
  };

/** A transaction; the witness is the unproven transaction. */
export type NewTransactionJob = Asked<TransactionJob> & Pick<TransactionJob, 'circuits'>;

export type NewJob = NewProofJob | NewTransactionJob;

/** Of a new job, what does not go into its row. */
type Payload = Pick<NewJob, 'witness' | 'keyFiles'>;

/** What was to come into being together with the job is there already. */
export class RecordTakenError extends Error {
  override readonly name = 'RecordTakenError';
}

/**
 * Admits a job and puts it into its lane. One with an id of its own that is there already is not made again: the caller
 * answers for it being the same.
 *
 * A crash after the transaction leaves a queued job without `enqueuedAt`; `sweep` enqueues it if its witness arrived and
 * ends it otherwise.
 *
 * @param recordOf writes something that has to come into being together with the job. With it, an id that is there
 *   already is refused.
 * @throws NightshiftError QUEUE_FULL if the lane's pending jobs are at capacity, RATE_LIMITED if the tenant's jobs or
 *   the API key's are at a limit (never for a part of a transaction, which was admitted as a whole); CIRCUIT_TOO_LARGE if no lane takes the
 *   circuit, INVALID_REQUEST if the chosen one does not; CONFLICT if the id is another job's. RecordTakenError if the
 *   record's condition does not hold.
 */
export async function admitJob(
  { witness, keyFiles, deadlineSeconds, keyLimits, ...request }: NewJob,
  recordOf?: (job: Job) => Write,
): Promise<Job> {
  const asked = {
    ...request,
    id: request.id ?? randomUUID(),
    state: 'queued' as const,
    lane: (request.operation === 'transaction' ? lanes().transaction : provingLane(request)).name,
    attempts: 0,
  };
  // What is to be sealed later can be: otherwise there would be a job without a witness.
  if (witness instanceof Uint8Array) await currentSealingKey();
  for (;;) {
    const { createdAt, seats } = await placeFor({ ...asked, keyLimits });
    const deadlineAt = deadlineSeconds === undefined ? undefined : deadlineAfter(createdAt, deadlineSeconds);
    const job: Job = { ...asked, createdAt, deadlineAt, shards: shardsOf(seats) };
    const record = recordOf?.(job);
    const counts = countAdmission(job, seats);
    const outcome = await transact([
      {
        Put: {
          TableName: tableName(),
          Item: {
            ...keyOf.job(job.id),
            [INDEX.partitionKey]: jobsOf(job.tenant),
            [INDEX.sortKey]: `${job.createdAt}#${job.id}`,
            expiresAt: expiresAt(),
            ...job,
          },
          ConditionExpression: 'attribute_not_exists(PK)',
        },
      },
      ...(record ? [record] : []),
      ...counts,
    ]);
    if (outcome.done) {
      await submit(job, { witness, keyFiles });
      return job;
    }
    if (record && outcome.failed.includes(1)) throw new RecordTakenError();
    if (outcome.failed.includes(0)) return resumeOwn(job, { witness, keyFiles }, record !== undefined);
    // The place was taken meanwhile: there may be another.
  }
}

/** There is a job of that id already. */
async function resumeOwn({ id, tenant, batch }: Job, payload: Payload, isRecorded: boolean): Promise<Job> {
  const existing = isRecorded ? undefined : await readJob(tenant, id);
  if (existing && existing.batch === batch) return resumeJob(existing, payload);
  throw new NightshiftError('CONFLICT', `There is a job ${id} already. Choose another id, or none.`);
}

/** Goes on with a job whose request broke off between admission and message. */
export async function resumeJob(job: Job, payload: Payload): Promise<Job> {
  if (isLeftBehind(job)) await submit(job, payload);
  return job;
}

export const isLeftBehind = ({ state, enqueuedAt }: Job): boolean => state === 'queued' && !enqueuedAt;

/** The witness comes last: a job that has it lacks nothing but its message. */
async function submit(job: Job, { witness, keyFiles = [] }: Payload): Promise<void> {
  await Promise.all(keyFiles.map(({ bytes, artifact }) => storeInlined(bytes, artifact)));
  await putObject(objectOf.witness(job.id), await sealedFor(job, witness));
  await enqueueJob(job);
}

/** Sends the job's message and notes that it was sent. Sending twice is harmless: a job is claimed by one at a time. */
export async function enqueueJob(job: Job): Promise<void> {
  await enqueue(job);
  const note = new UpdateCommand({
    TableName: tableName(),
    Key: keyOf.job(job.id),
    UpdateExpression: 'SET enqueuedAt = :now',
    ConditionExpression: 'attribute_exists(PK)',
    ExpressionAttributeValues: { ':now': currentTime().toISOString() },
  });
  // prove may be moving the row at this very moment. The message is out: without the note, sweep sends another.
  await table.send(note).catch(() => undefined);
}
