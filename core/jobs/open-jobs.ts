/** Jobs that have not ended, for sweep. */
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { tableName } from '../config.ts';
import { JOB_RETENTION_HOURS } from '../limits.ts';
import { INDEX, table } from '../store/table.ts';
import { type Job, LOCAL_TENANT, readJob } from './job.ts';
import { hasEnded } from './state.ts';

const HOUR_MS = 3600 * 1000;
const indexed = z.object({ id: z.uuid() });

/** Every queued or proving job, oldest first, as its row stands when it is yielded. */
export async function* openJobs(): AsyncGenerator<Job> {
  const pages = paginateQuery(
    { client: table },
    {
      TableName: tableName(),
      IndexName: INDEX.name,
      KeyConditionExpression: 'GSI1PK = :tenant AND GSI1SK > :oldest',
      FilterExpression: '#state IN (:queued, :proving)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':tenant': `TENANT#${LOCAL_TENANT}`,
        ':oldest': new Date(Date.now() - JOB_RETENTION_HOURS * HOUR_MS).toISOString(),
        ':queued': 'queued',
        ':proving': 'proving',
      },
    },
  );
  for await (const { Items } of pages) {
    for (const { id } of z.array(indexed).parse(Items ?? [])) {
      // The index lags behind the table.
      const job = await readJob(LOCAL_TENANT, id);
      if (job && !hasEnded(job)) yield job;
    }
  }
}
