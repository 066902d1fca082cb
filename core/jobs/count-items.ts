/** Items that count jobs of one tenant, spread over shards where a limit is large. */
import { z } from 'zod';
import { tableName } from '../config.ts';
import { type Key, rowsUnder, type Write } from '../store/table.ts';
import { type Seat, type Shard, seatIn } from './shards.ts';

const shardRow = z.object({ SK: z.string(), jobs: z.int(), changes: z.int() });

/** `changes` tells whether anything happened between two looks. */
export type CountShard = Shard & { changes: number };

/** @param under the key of all of them: their own end in the shard. */
export const readShards = (under: Key): Promise<CountShard[]> =>
  Array.fromAsync(rowsUnder(under), (row) => {
    const { SK, jobs, changes } = shardRow.parse(row);
    return { shard: Number(SK.slice(under.SK.length)), count: jobs, changes };
  });

/** What all of them count. */
export async function readCount(under: Key): Promise<number> {
  return (await readShards(under)).reduce((sum, { count }) => sum + count, 0);
}

/** @param limit 0: any number. @returns undefined if the limit is reached. */
export async function seatUnder(under: Key, limit: number): Promise<Seat | undefined> {
  return seatIn({ capacity: limit, most: limit }, limit === 0 ? [] : await readShards(under));
}

/** @param expiresAt when the item is of no use any more; epoch seconds. */
export function changing(Key: Key, change: 1 | -1, { below }: Partial<Seat> = {}, expiresAt?: number): Write {
  return {
    Update: {
      TableName: tableName(),
      Key,
      UpdateExpression: `ADD jobs :change, changes :one${expiresAt === undefined ? '' : ' SET expiresAt = :expiresAt'}`,
      ...(below !== undefined && { ConditionExpression: 'attribute_not_exists(jobs) OR jobs < :below' }),
      ExpressionAttributeValues: {
        ':change': change,
        ':one': 1,
        ...(below !== undefined && { ':below': below }),
        ...(expiresAt !== undefined && { ':expiresAt': expiresAt }),
      },
    },
  };
}
