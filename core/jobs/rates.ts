/**
 * How many jobs a tenant has submitted in a day, and an API key in a day or a minute: written together with the jobs, where a
 * limit counts them. Parts of a transaction are none.
 */
import type { KeyLimits } from '../access/api-key.ts';
import { NightshiftError } from '../errors.ts';
import { expiresAt, type Key, keyOf, type Write } from '../store/table.ts';
import type { TenantLimits } from '../tenant-limits.ts';
import { changing, readShards, seatUnder } from './count-items.ts';
import type { Seat } from './shards.ts';
import { secondsLeftOf, type Window, type WindowName, windowOf } from './windows.ts';

/** Whose jobs they are, and what bounds them. */
export interface Submitter {
  tenant: string;
  tenantLimits: Pick<TenantLimits, 'perDay'>;
  /** The key's id and limits, if the job came by one. */
  apiKey?: { id: string; limits: KeyLimits };
}

/** Something that is counted. */
export interface Rate {
  of: 'tenant' | 'apiKey';
  name: WindowName;
  window: Window;
  /** 0: any number, and nobody counts. */
  limit: number;
  itemOf: (shard: number | '') => Key;
}

/** What is counted of a job that is submitted then. */
export function ratesOf({ tenant, tenantLimits, apiKey }: Submitter, time: string): Rate[] {
  const day = windowOf('perDay', time);
  const minute = windowOf('perMinute', time);
  const ofTenant: Rate = {
    of: 'tenant',
    name: 'perDay',
    window: day,
    limit: tenantLimits.perDay,
    itemOf: (shard) => keyOf.day(tenant, day.begin, shard),
  };
  if (!apiKey) return [ofTenant];
  const { id, limits } = apiKey;
  const ofKey = (name: WindowName, window: Window): Rate => ({
    of: 'apiKey',
    name,
    window,
    limit: limits[name],
    itemOf: (shard) => keyOf.keyWindow(tenant, id, window.begin, shard),
  });
  return [ofTenant, ofKey('perMinute', minute), ofKey('perDay', day)];
}

/** Where a new job is counted. */
export interface RateSeat {
  item: Key;
  seat: Seat;
}

/** @throws NightshiftError RATE_LIMITED, with the limit's name, until the day or the minute is over. */
export async function rateSeats(submitter: Submitter, time: string): Promise<RateSeat[]> {
  const bounded = ratesOf(submitter, time).filter(({ limit }) => limit > 0);
  return Promise.all(
    bounded.map(async (rate) => {
      const seat = await seatUnder(rate.itemOf(''), rate.limit);
      if (!seat) throw exceeded(rate, time);
      return { item: rate.itemOf(seat.shard), seat };
    }),
  );
}

function exceeded({ of, name, limit, window }: Rate, time: string): NightshiftError {
  const limitName = of === 'tenant' ? name : `${name} of this API key`;
  const retryAfterSeconds = secondsLeftOf(window, time);
  const message = `The limit ${limitName} is reached: ${limit} jobs since ${window.since}. Come back in ${retryAfterSeconds} s.`;
  return new NightshiftError('RATE_LIMITED', message, { retryAfterSeconds });
}

/** A job comes in, if its seats are free. A count is of no use the day after. */
export const countSubmission = (seats: RateSeat[]): Write[] =>
  seats.map(({ item, seat }) => changing(item, 1, seat, expiresAt()));

/** How many jobs it is so far; undefined where nobody counts. */
export async function readRate({ limit, itemOf }: Rate): Promise<number | undefined> {
  if (limit === 0) return undefined;
  return (await readShards(itemOf(''))).reduce((sum, { count }) => sum + count, 0);
}
