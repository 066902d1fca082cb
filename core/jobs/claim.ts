/** One delivery of a job's message takes the job. */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tableName } from '../config.ts';
import { deleteObject, objectOf } from '../store/objects.ts';
import { keyOf, table, transact } from '../store/table.ts';
import { countChange } from './counts.ts';
import { hasEnded, type Job, LOCAL_TENANT, readJob } from './job.ts';

/**
 * Moves a queued job to proving, or takes over a proving one whose earlier attempt died. The attempt's number fences out
 * every other attempt's writes.
 *
 * @returns the claimed job, or undefined if there is nothing left to do for it.
 */
export async function claimJob(id: string): Promise<Job | undefined> {
  const job = await readJob(LOCAL_TENANT, id);
  if (!job) return undefined;
  if (hasEnded(job)) {
    await deleteObject(objectOf.witness(id));
    return undefined;
  }
  const claimed: Job = {
    ...job,
    state: 'proving',
    attempts: job.attempts + 1,
    startedAt: job.startedAt ?? new Date().toISOString(),
  };
  const happened = job.state === 'queued' ? await start(claimed) : await takeOver(claimed);
  return happened ? claimed : undefined;
}

const claim = (job: Job, from: 'queued' | 'proving') => ({
  TableName: tableName(),
  Key: keyOf.job(job.id),
  UpdateExpression: 'SET #state = :proving, attempts = :attempt, startedAt = :startedAt',
  ConditionExpression: '#state = :from AND attempts = :previous',
  ExpressionAttributeNames: { '#state': 'state' },
  ExpressionAttributeValues: {
    ':proving': 'proving',
    ':from': from,
    ':attempt': job.attempts,
    ':previous': job.attempts - 1,
    ':startedAt': job.startedAt,
  },
});

async function start(job: Job): Promise<boolean> {
  const outcome = await transact([{ Update: claim(job, 'queued') }, ...countChange(job, 'queued', 'proving')]);
  return outcome.done;
}

async function takeOver(job: Job): Promise<boolean> {
  try {
    await table.send(new UpdateCommand(claim(job, 'proving')));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
