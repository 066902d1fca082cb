/** How many jobs a tenant has in flight, and has submitted today: written together with the jobs. Parts of a transaction are none. */
import { z } from 'zod';
import { limitsOf } from '../access/tenant.ts';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { expiresAt, type Key, keyOf, rowsUnder, type Write } from '../store/table.ts';
import type { Job } from './job.ts';
import { type Seat, type Shard, seatIn } from './shards.ts';

const shardRow = z.object({ SK: z.string(), jobs: z.int(), changes: z.int() });

/** Where a tenant's new job is counted. */
export interface TenantSeats {
  tenant?: Seat;
  /** Only where a limit counts them. */
  day?: Seat;
}

/** @throws NightshiftError RATE_LIMITED, with the limit's name. */
export async function tenantSeats(tenant: string, createdAt: string, retryAfterSeconds: number): Promise<TenantSeats> {
  const { inFlight, perDay } = await limitsOf(tenant);
  const inFlightSeat = await seatUnder(keyOf.inFlight(tenant, ''), inFlight);
  if (!inFlightSeat) {
    const message = `The limit inFlight is reached: ${inFlight} jobs that have not ended. Wait until some have.`;
    throw new NightshiftError('RATE_LIMITED', message, { retryAfterSeconds });
  }
  if (perDay === 0) return { tenant: inFlightSeat };
  const day = await seatUnder(keyOf.day(tenant, dayOf(createdAt), ''), perDay);
  if (day) return { tenant: inFlightSeat, day };
  const message = `The limit perDay is reached: ${perDay} jobs since midnight UTC. Come back after the next one.`;
  throw new NightshiftError('RATE_LIMITED', message, { retryAfterSeconds: secondsToMidnight(createdAt) });
}

async function seatUnder(under: Key, limit: number): Promise<Seat | undefined> {
  return seatIn({ capacity: limit, most: limit }, limit === 0 ? [] : await readShards(under));
}

/** A job comes in, if its seats are free. A day's count is of no use the day after. */
export function countTenantIn(job: Job, seats: TenantSeats): Write[] {
  const { tenant, createdAt } = job;
  const writes: Write[] = [];
  if (seats.tenant) writes.push(changing(keyOf.inFlight(tenant, seats.tenant.shard), 1, seats.tenant));
  if (seats.day) {
    const Key = keyOf.day(tenant, dayOf(createdAt), seats.day.shard);
    writes.push(changing(Key, 1, seats.day, { expiresAt: expiresAt() }));
  }
  return writes;
}

/** A job ends. */
export const countTenantOut = ({ tenant, shards }: Job): Write[] =>
  shards.tenant === undefined ? [] : [changing(keyOf.inFlight(tenant, shards.tenant), -1)];

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

/** @param set attributes that are set besides. */
function changing(Key: Key, change: 1 | -1, { below }: Partial<Seat> = {}, set: { expiresAt?: number } = {}): Write {
  return {
    Update: {
      TableName: tableName(),
      Key,
      UpdateExpression: `ADD jobs :change, changes :one${set.expiresAt ? ' SET expiresAt = :expiresAt' : ''}`,
      ...(below !== undefined && { ConditionExpression: 'attribute_not_exists(jobs) OR jobs < :below' }),
      ExpressionAttributeValues: {
        ':change': change,
        ':one': 1,
        ...(below !== undefined && { ':below': below }),
        ...(set.expiresAt && { ':expiresAt': set.expiresAt }),
      },
    },
  };
}

const dayOf = (time: string): string => time.slice(0, 'YYYY-MM-DD'.length);

const DAY_SECONDS = 24 * 3600;
const secondsToMidnight = (time: string): number => DAY_SECONDS - (Math.floor(Date.parse(time) / 1000) % DAY_SECONDS);
