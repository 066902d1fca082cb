/** The one transition of a job into a terminal state. */
import { tableName } from '../config.ts';
import { deleteObject, objectOf } from '../store/objects.ts';
import { keyOf, transact } from '../store/table.ts';
import { countChange } from './counts.ts';
import type { Job } from './job.ts';

export type Ending =
  | ({ state: 'succeeded' } & Required<Pick<Job, 'result'>> & Pick<Job, 'statement' | 'timings' | 'peakMemoryMb'>)
  | ({ state: 'failed' | 'expired' | 'cancelled' } & Required<Pick<Job, 'error'>>);

/**
 * Ends a job that is still in the state and attempt the caller saw, gives its counts back, and deletes its witness.
 * If the deletion fails the caller's retry comes upon an ended job, whose witness `claimJob` deletes.
 *
 * @returns whether this call ended it.
 */
export async function endJob(job: Job, ending: Ending): Promise<boolean> {
  const { state, ...outcome } = ending;
  const fields = Object.entries({ ...outcome, endedAt: new Date().toISOString() }).filter(
    ([, value]) => value !== undefined,
  );
  const { done } = await transact([
    {
      Update: {
        TableName: tableName(),
        Key: keyOf.job(job.id),
        UpdateExpression: `SET #state = :state, ${fields.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: '#state = :from AND attempts = :attempt',
        ExpressionAttributeNames: {
          '#state': 'state',
          ...Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: {
          ':state': state,
          ':from': job.state,
          ':attempt': job.attempts,
          ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
        },
      },
    },
    ...countChange(job, job.state, state),
  ]);
  if (done) await deleteObject(objectOf.witness(job.id));
  return done;
}
