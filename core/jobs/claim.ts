/** One delivery of a job's message takes the job. */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tableName } from '../config.ts';
import { waitForKeys } from '../keys/waiting.ts';
import { deleteObject, objectOf } from '../store/objects.ts';
import { keyOf, table, transact, updateIf } from '../store/table.ts';
import { countStart } from './counts.ts';
import { isOverdue, isRunning, pastDeadline } from './deadline.ts';
import { cancelJob, endJob } from './end.ts';
import { type Job, LOCAL_TENANT, readJob } from './job.ts';
import { laneOf } from './lane-of.ts';
import { hasEnded } from './state.ts';

/** Another delivery is at this job. Its message has to stay until that one has ended the job, or died. */
export class AttemptRunningError extends Error {
  override readonly name = 'AttemptRunningError';
}

/**
 * Moves a queued job to proving, or takes over a proving one whose earlier attempt failed or died. The attempt's number
 * fences out every other attempt's writes. A proof whose keys are still being derived is left to wait for them.
 *
 * @returns the claimed job, or undefined if there is nothing left to do for it.
 * @throws AttemptRunningError
 */
export async function claimJob(id: string, now = new Date()): Promise<Job | undefined> {
  const job = await readJob(LOCAL_TENANT, id);
  if (!job) return undefined;
  if (hasEnded(job)) {
    await deleteObject(objectOf.witness(id));
    return undefined;
  }
  if (await isOrphan(job)) {
    await cancelJob(job.tenant, id, 'The transaction that this is a part of has ended.');
    return undefined;
  }
  if (isOverdue(job, now)) {
    await endJob(job, pastDeadline(job));
    return undefined;
  }
  if (await waits(job)) return undefined;
  if (isRunning(job, now)) throw new AttemptRunningError(id);
  const claimed: Job = {
    ...job,
    state: 'proving',
    attempts: job.attempts + 1,
    startedAt: job.startedAt ?? now.toISOString(),
    attemptEndsAt: new Date(now.getTime() + laneOf(job).timeoutSeconds * 1000).toISOString(),
  };
  const happened = job.state === 'queued' ? await start(claimed) : await updateIf(claim(claimed, 'proving'));
  if (!happened) throw new AttemptRunningError(id);
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

/** Gives up an attempt, so that the next delivery need not wait for its time to run out. */
export async function releaseJob({ id, attempts }: Job): Promise<void> {
  await table.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keyOf.job(id),
      UpdateExpression: 'REMOVE attemptEndsAt',
      ConditionExpression: 'attempts = :attempt',
      ExpressionAttributeValues: { ':attempt': attempts },
    }),
  );
}

const claim = (job: Job, from: 'queued' | 'proving') => ({
  TableName: tableName(),
  Key: keyOf.job(job.id),
  UpdateExpression:
    'SET #state = :proving, attempts = :attempt, startedAt = :startedAt, attemptEndsAt = :attemptEndsAt',
  ConditionExpression: '#state = :from AND attempts = :previous',
  ExpressionAttributeNames: { '#state': 'state' },
  ExpressionAttributeValues: {
    ':proving': 'proving',
    ':from': from,
    ':attempt': job.attempts,
    ':previous': job.attempts - 1,
    ':startedAt': job.startedAt,
    ':attemptEndsAt': job.attemptEndsAt,
  },
});

async function start(job: Job): Promise<boolean> {
  const outcome = await transact([{ Update: claim(job, 'queued') }, ...countStart(job)]);
  return outcome.done;
}
