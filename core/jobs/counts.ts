/** The counts that change together with a job's state: pending and proving per lane, jobs in flight per tenant. */
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { tableName } from '../config.ts';
import { LANES, laneNamed } from '../lanes.ts';
import { keyOf, table, type Write } from '../store/table.ts';
import type { Job, JobState } from './job.ts';

const COUNT_OF_STATE: Partial<Record<JobState, 'pending' | 'proving'>> = { queued: 'pending', proving: 'proving' };

/**
 * The writes that belong to a job's move from one state to another, to be part of the move's own transaction.
 * Admission (`from` undefined) is conditional on the lane's capacity; the lane's write comes first.
 */
export function countChange(job: Pick<Job, 'lane' | 'tenant'>, from: JobState | undefined, to: JobState): Write[] {
  const left = from && COUNT_OF_STATE[from];
  const entered = COUNT_OF_STATE[to];
  const changes = [left && `${left} :minusOne`, entered && `${entered} :one`].filter(Boolean);
  const writes: Write[] = [
    {
      Update: {
        TableName: tableName(),
        Key: keyOf.lane(job.lane),
        UpdateExpression: `ADD ${changes.join(', ')}`,
        ...(from === undefined && { ConditionExpression: 'attribute_not_exists(pending) OR pending < :capacity' }),
        ExpressionAttributeValues: {
          ...(left && { ':minusOne': -1 }),
          ...(entered && { ':one': 1 }),
          ...(from === undefined && { ':capacity': laneNamed(job.lane).capacity }),
        },
      },
    },
  ];
  if (!left || !entered) {
    writes.push({
      Update: {
        TableName: tableName(),
        Key: keyOf.tenant(job.tenant),
        UpdateExpression: 'ADD inFlight :change',
        ExpressionAttributeValues: { ':change': entered ? 1 : -1 },
      },
    });
  }
  return writes;
}

const laneCounts = z.object({ pending: z.int().default(0), proving: z.int().default(0) });

/** Jobs over all lanes, and how many pending ones they take together. */
export async function readCounts(): Promise<{ pending: number; proving: number; capacity: number }> {
  const { Responses } = await table.send(
    new BatchGetCommand({ RequestItems: { [tableName()]: { Keys: LANES.map(({ name }) => keyOf.lane(name)) } } }),
  );
  const counts = z.array(laneCounts).parse(Responses?.[tableName()] ?? []);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    pending: sum(counts.map(({ pending }) => pending)),
    proving: sum(counts.map(({ proving }) => proving)),
    capacity: sum(LANES.map(({ capacity }) => capacity)),
  };
}
