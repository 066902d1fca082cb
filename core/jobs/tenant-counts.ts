/** How many jobs a tenant has in flight: written together with the jobs. Parts of a transaction are none. */
import { NightshiftError } from '../errors.ts';
import { keyOf } from '../store/row-keys.ts';
import type { Write } from '../store/table.ts';
import { type CountShard, changing, readCount, readShards, seatUnder } from './count-items.ts';
import type { Job } from './job.ts';
import type { Seat } from './shards.ts';

/** @throws NightshiftError RATE_LIMITED, with the limit's name. */
export async function inFlightSeat(tenant: string, limit: number, retryAfterSeconds: number): Promise<Seat> {
  const seat = await seatUnder(keyOf.inFlight(tenant, ''), limit);
  if (seat) return seat;
  const message = `The limit inFlight is reached: ${limit} jobs that have not ended. Wait until some have.`;
  throw new NightshiftError('RATE_LIMITED', message, { retryAfterSeconds });
}

/** A job comes in, if its seat is free. */
export const countTenantIn = ({ tenant }: Job, seat: Seat): Write =>
  changing(keyOf.inFlight(tenant, seat.shard), 1, seat);

/** A job ends. */
export const countTenantOut = ({ tenant, shards }: Job): Write[] =>
  shards.tenant === undefined ? [] : [changing(keyOf.inFlight(tenant, shards.tenant), -1)];

/** How many of a tenant's jobs have not ended. */
export const readInFlight = (tenant: string): Promise<number> => readCount(keyOf.inFlight(tenant, ''));

/** The items that those are spread over. */
export const readInFlightShards = (tenant: string): Promise<CountShard[]> => readShards(keyOf.inFlight(tenant, ''));
