/** How many jobs a tenant has in flight, and has submitted today: written together with the jobs. Parts of a transaction are none. */
import { z } from 'zod';
import { tableName, tenantLimits } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { expiresAt, type Key, keyOf, rowsUnder, type Write } from '../store/table.ts';
import type { Job } from './job.ts';
import { type Bound, type Shard, shardWithRoom, shareOf } from './shards.ts';

const shardRow = z.object({ SK: z.string(), jobs: z.int(), changes: z.int() });

/** Where a tenant's new job is counted. */
export interface TenantShards {
  tenant: number;
  /** Only where a limit counts them. */
  day?: number;
}

/** @throws NightshiftError RATE_LIMITED, with the limit's name. */
export async function tenantShards(
  tenant: string,
  createdAt: string,
  retryAfterSeconds: number,
): Promise<TenantShards> {
  const { inFlight, perDay } = tenantLimits();
  const inFlightShard = await shardOf(inFlight, keyOf.inFlight(tenant, ''));
  if (inFlightShard === undefined) {
    const message = `The limit inFlight is reached: ${inFlight} jobs that have not ended. Wait until some have.`;
    throw new NightshiftError('RATE_LIMITED', message, { retryAfterSeconds });
  }
  if (perDay === 0) return { tenant: inFlightShard };
  const day = await shardOf(perDay, keyOf.day(tenant, dayOf(createdAt), ''));
  if (day !== undefined) return { tenant: inFlightShard, day };
  const message = `The limit perDay is reached: ${perDay} jobs since midnight UTC. Come back after the next one.`;
  throw new NightshiftError('RATE_LIMITED', message, { retryAfterSeconds: secondsToMidnight(createdAt) });
}

/** A job comes in, as long as the limits hold. */
export function countTenantIn({ tenant, shards, createdAt }: Job): Write[] {
  const { inFlight, perDay } = tenantLimits();
  const { tenant: shard, day } = shards;
  const writes: Write[] = [];
  if (shard !== undefined) writes.push(changing(keyOf.inFlight(tenant, shard), 1, { limit: inFlight, shard }));
  if (day !== undefined) {
    writes.push(changing(keyOf.day(tenant, dayOf(createdAt), day), 1, { limit: perDay, shard: day, passes: true }));
  }
  return writes;
}

/** A job ends. */
export const countTenantOut = ({ tenant, shards }: Job): Write[] =>
  shards.tenant === undefined ? [] : [changing(keyOf.inFlight(tenant, shards.tenant), -1)];

async function shardOf(limit: number, under: Key): Promise<number | undefined> {
  return shardWithRoom(boundOf(limit), limit === 0 ? [] : await readShards(under));
}

/** The items that a tenant's jobs in flight are spread over; `changes` tells whether anything happened between two looks. */
export const readInFlight = (tenant: string): Promise<TenantShard[]> => readShards(keyOf.inFlight(tenant, ''));

export type TenantShard = Shard & { changes: number };

async function readShards(under: Key): Promise<TenantShard[]> {
  const shards: TenantShard[] = [];
  for await (const row of rowsUnder(under)) {
    const { SK, jobs, changes } = shardRow.parse(row);
    shards.push({ shard: Number(SK.slice(under.SK.length)), count: jobs, changes });
  }
  return shards;
}

const boundOf = (limit: number): Bound => ({ capacity: limit, most: limit });

/** @param bounded `passes`: whether nobody wants to know any more in a day. */
function changing(Key: Key, change: 1 | -1, bounded?: { limit: number; shard: number; passes?: boolean }): Write {
  const most = bounded && bounded.limit > 0 ? shareOf(boundOf(bounded.limit), bounded.shard) : undefined;
  return {
    Update: {
      TableName: tableName(),
      Key,
      UpdateExpression: `ADD jobs :change, changes :one${bounded?.passes ? ' SET expiresAt = :expiresAt' : ''}`,
      ...(most !== undefined && { ConditionExpression: 'attribute_not_exists(jobs) OR jobs < :most' }),
      ExpressionAttributeValues: {
        ':change': change,
        ':one': 1,
        ...(most !== undefined && { ':most': most }),
        ...(bounded?.passes && { ':expiresAt': expiresAt() }),
      },
    },
  };
}

const dayOf = (time: string): string => time.slice(0, 'YYYY-MM-DD'.length);

const DAY_SECONDS = 24 * 3600;
const secondsToMidnight = (time: string): number => DAY_SECONDS - (Math.floor(Date.parse(time) / 1000) % DAY_SECONDS);
