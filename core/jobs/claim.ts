/** One delivery of a job's message takes the job. */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { waitForKeys } from '../keys/waiting.ts';
import { deleteObject, objectOf } from '../store/objects.ts';
import { keyOf } from '../store/row-keys.ts';
import { table, transact } from '../store/table.ts';
import { isPastDeadline, isRunning, pastDeadline } from './deadline.ts';
import { cancelJob, endJob } from './end.ts';
import { outOfAttempts } from './given-up.ts';
import { type Job, readAnyJob, readJob } from './job.ts';
import { countStart } from './lane-counts.ts';
import { leaseEnd } from './lease.ts';
import { hasEnded, type JobState } from './state.ts';

/** An attempt is at this job that this message may have to repeat. */
export class AttemptRunningError extends Error {
  override readonly name = 'AttemptRunningError';
}

/**
 * Moves a queued job to proving, or takes over a proving one whose earlier attempt failed or died. The attempt's number
 * fences out every other attempt's writes. A proof whose keys are still being derived is left to wait for them; a job that
 * has had its attempts is ended.
 *
 * @param message that the job was delivered by.
 * @param at the time, if it is not the current one.
 * @returns the claimed job, or undefined if the message has nothing left to do.
 * @throws AttemptRunningError
 */
export async function claimJob(id: string, message: string, at?: Date): Promise<Job | undefined> {
  const job = await readAnyJob(id);
  const now = at ?? currentTime();
  if (!job) return undefined;
  if (hasEnded(job)) {
    await deleteObject(objectOf.witness(id));
    return undefined;
  }
  if (await isOrphan(job)) {
    await cancelJob(job.tenant, id, 'The transaction that this is a part of has ended.');
    return undefined;
  }
  if (isRunning(job, now)) {
    // The message of the attempt that runs is the one to come back if that dies.
    if (job.message !== message) return undefined;
    throw new AttemptRunningError(id);
  }
  const ending = isPastDeadline(job, now) ? pastDeadline(job) : outOfAttempts(job);
  if (ending) {
    if (!(await endJob(job, ending))) throw new AttemptRunningError(id);
    return undefined;
  }
  if (await waits(job)) return undefined;
  const claimed: Job = {
    ...job,
    state: 'proving',
    attempts: job.attempts + 1,
    startedAt: job.startedAt ?? now.toISOString(),
    attemptEndsAt: leaseEnd(now),
    message,
  };
  if (!(await take(claimed, job.state))) throw new AttemptRunningError(id);
  return claimed;
}

/** A check needs no keys. */
const waits = async (job: Job): Promise<boolean> =>
  job.operation === 'prove' && job.keys !== undefined && (await waitForKeys(job.keys.id, job.id));

/** A part whose transaction has ended is wanted by nobody. */
async function isOrphan(job: Job): Promise<boolean> {
  if (job.operation === 'transaction' || !job.parent) return false;
  const whole = await readJob(job.tenant, job.parent);
  return !whole || hasEnded(whole);
}

/** Gives up an attempt, so that the next delivery need not wait for its lease to run out. */
export async function releaseJob({ id, attempts }: Job, lastError: Job['lastError']): Promise<void> {
  await table.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keyOf.job(id),
      UpdateExpression: 'SET lastError = :error REMOVE attemptEndsAt',
      ConditionExpression: '#state = :proving AND attempts = :attempt',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':error': lastError, ':proving': 'proving', ':attempt': attempts },
    }),
  );
}

const claim = (job: Job, from: JobState) => ({
  TableName: tableName(),
  Key: keyOf.job(job.id),
  UpdateExpression:
    'SET #state = :proving, attempts = :attempt, startedAt = :startedAt, attemptEndsAt = :attemptEndsAt, message = :message',
  ConditionExpression: '#state = :from AND attempts = :previous',
  ExpressionAttributeNames: { '#state': 'state' },
  ExpressionAttributeValues: {
    ':proving': 'proving',
    ':from': from,
    ':attempt': job.attempts,
    ':previous': job.attempts - 1,
    ':startedAt': job.startedAt,
    ':attemptEndsAt': job.attemptEndsAt,
    ':message': job.message,
  },
});

/** A transaction, also where it is of one write: made again because its answer was lost, it is known to be the same. */
async function take(job: Job, from: JobState): Promise<boolean> {
  const counts = from === 'queued' ? [countStart(job)] : [];
  return (await transact([{ Update: claim(job, from) }, ...counts])).done;
}
