/**
 * How many jobs a tenant has submitted in a day, and an API key in a day or a minute: written together with the jobs, where a
 * limit counts them. Parts of a transaction are none.
 */
import type { KeyLimits } from '../access/key-limits.ts';
import { NightshiftError } from '../errors.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, type Key, type Write } from '../store/table.ts';
import { changing, readCount, seatUnder } from './count-items.ts';
import type { Seat } from './shards.ts';
import { secondsLeftOf, type Window, type WindowName, windowOf } from './windows.ts';

/** Something that is counted. */
export interface Rate {
  /** As refusals name the limit. */
  limitName: string;
  /** 0: any number, and nobody counts. */
  limit: number;
  window: Window;
  itemOf: (shard: number | '') => Key;
}

/** What a tenant submits on the day of that time. */
export function tenantRate(tenant: string, limit: number, time: string): Rate {
  const window = windowOf('perDay', time);
  return { limitName: 'perDay', limit, window, itemOf: (shard) => keyOf.day(tenant, window.begin, shard) };
}

/** The id and the limits of an API key. */
export interface LimitedKey {
  id: string;
  limits: KeyLimits;
}

/** What comes by one of a tenant's keys in the minute, or on the day, of that time. */
export function keyRate(tenant: string, { id, limits }: LimitedKey, name: WindowName, time: string): Rate {
  const window = windowOf(name, time);
  const itemOf = (shard: number | '') => keyOf.keyWindow(tenant, id, window.begin, shard);
  return { limitName: `${name} of this API key`, limit: limits[name], window, itemOf };
}

/** Where a new job is counted. */
export interface RateSeat {
  item: Key;
  seat: Seat;
}

/** @throws NightshiftError RATE_LIMITED, with the limit's name, until the day or the minute is over. */
export async function rateSeats(rates: Rate[], time: string): Promise<RateSeat[]> {
  const bounded = rates.filter(({ limit }) => limit > 0);
  return Promise.all(
    bounded.map(async (rate) => {
      const seat = await seatUnder(rate.itemOf(''), rate.limit);
      if (!seat) throw exceeded(rate, time);
      return { item: rate.itemOf(seat.shard), seat };
    }),
  );
}

function exceeded({ limitName, limit, window }: Rate, time: string): NightshiftError {
  const retryAfterSeconds = secondsLeftOf(window, time);
  const message = `The limit ${limitName} is reached: ${limit} jobs since ${window.since}. Come back in ${retryAfterSeconds} s.`;
  return new NightshiftError('RATE_LIMITED', message, { retryAfterSeconds });
}

/** A job comes in, if its seats are free. A count is of no use the day after. */
export const countSubmission = (seats: RateSeat[]): Write[] =>
  seats.map(({ item, seat }) => changing(item, 1, seat, expiresAt()));

/** How many jobs it is so far; undefined where nobody counts. */
export async function readRate({ limit, itemOf }: Rate): Promise<number | undefined> {
  return limit === 0 ? undefined : readCount(itemOf(''));
}
