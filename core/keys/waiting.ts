/** Jobs whose keys are not ready yet. Their message is gone; the end of deriving sends it again. */
import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { tableName } from '../config.ts';
import { readAnyJob } from '../jobs/job.ts';
import { hasEnded } from '../jobs/state.ts';
import { enqueue } from '../store/queues.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, rowsUnder, table, transact } from '../store/table.ts';
import { readKeys } from './keys.ts';

/** `since` tells this wait from a later one of the same job. */
const record = z.object({ jobId: z.uuid(), since: z.uuid() });

/**
 * Has the job wait if its keys are still being derived. That they are, and that the job waits for them, is written at
 * once: whoever ends the deriving finds every job that waits.
 *
 * @returns whether it waits now.
 */
export async function waitForKeys(keysId: string, jobId: string): Promise<boolean> {
  if ((await readKeys(keysId))?.state !== 'building') return false;
  const { done } = await transact([
    {
      ConditionCheck: {
        TableName: tableName(),
        Key: keyOf.artifact(keysId),
        ConditionExpression: '#state = :building',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':building': 'building' },
      },
    },
    {
      Put: {
        TableName: tableName(),
        Item: { ...keyOf.waiting(keysId, jobId), jobId, since: randomUUID(), expiresAt: expiresAt() },
      },
    },
  ]);
  return done;
}

/** Puts every job that waited back into its lane. Doing it twice is harmless: a job is claimed by one at a time. */
export async function releaseWaiting(keysId: string): Promise<void> {
  for await (const row of rowsUnder(keyOf.waiting(keysId, ''))) {
    const { jobId, since } = record.parse(row);
    const job = await readAnyJob(jobId);
    if (job && !hasEnded(job)) await enqueue(job);
    await forget(keysId, jobId, since);
  }
}

/** Unless the job, taken up and finding its keys derived anew, already waits again. */
async function forget(keysId: string, jobId: string, since: string): Promise<void> {
  const record = {
    TableName: tableName(),
    Key: keyOf.waiting(keysId, jobId),
    ConditionExpression: 'since = :since',
    ExpressionAttributeValues: { ':since': since },
  };
  await table.send(new DeleteCommand(record)).catch((error) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}
