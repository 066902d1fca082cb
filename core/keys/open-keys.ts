/** Keys that are being derived, for sweep. */
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { tableName } from '../config.ts';
import { INDEX, table } from '../store/table.ts';
import { BUILDING } from './build.ts';
import { type Keys, readKeys } from './keys.ts';

const indexed = z.object({ id: z.string() });

/** The oldest first, each as its row stands when it is yielded. */
export async function* openKeys(): AsyncGenerator<Extract<Keys, { state: 'building' }>> {
  const pages = paginateQuery(
    { client: table },
    {
      TableName: tableName(),
      IndexName: INDEX.name,
      KeyConditionExpression: `${INDEX.partitionKey} = :building`,
      ExpressionAttributeValues: { ':building': BUILDING },
    },
  );
  for await (const { Items } of pages) {
    for (const { id } of z.array(indexed).parse(Items ?? [])) {
      // The index lags behind the table.
      const keys = await readKeys(id);
      if (keys?.state === 'building') yield keys;
    }
  }
}
