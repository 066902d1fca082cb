/**
 * Counts that many write to at once are spread over several items, each with its share of the bound: transactions on one
 * item get in each other's way. A small bound has one item, since shares of it would refuse too early.
 */
import { randomInt } from 'node:crypto';

const SPREAD_FROM = 200;
const PLACES_A_SHARD = 100;
const MOST_SHARDS = 16;

/** What bounds a count. */
export interface Bound {
  /** What decides over how many items it is spread; 0: nothing bounds it. */
  capacity: number;
  /** What it comes to at most, if anything does. */
  most: number;
}

/** What one item counts. */
export interface Shard {
  shard: number;
  count: number;
}

/** Where something new is counted. */
export interface Seat {
  shard: number;
  /** What the item's count has to be below, if anything bounds it. */
  below?: number;
}

/** Any one, whether it has room or not. */
export const anySeat = ({ capacity }: Bound): Seat => ({ shard: randomInt(shardsOf(capacity)) });

/** @returns one that has room, as far as `counted` tells; undefined if none has. */
export function seatIn(bound: Bound, counted: Shard[]): Seat | undefined {
  if (bound.capacity === 0) return anySeat(bound);
  const shards = shardsOf(bound.capacity);
  const counts = new Map(counted.map(({ shard, count }) => [shard, count]));
  const less = reductionFor(bound, counted);
  const seats = Array.from({ length: shards }, (_, shard) => ({ shard, below: shareOf(bound, shard) - less }));
  const free = seats.filter(({ shard, below }) => (counts.get(shard) ?? 0) < below);
  return free.length > 0 ? free[randomInt(free.length)] : undefined;
}

/**
 * By how much each item's share is to be less. Where the bound was changed, items count more than their share, also some
 * that are no longer written to: that has to be made up for by those that can.
 */
function reductionFor(bound: Bound, counted: Shard[]): number {
  const over = ({ shard, count }: Shard) => Math.max(count - shareOf(bound, shard), 0);
  const surplus = counted.reduce((sum, item) => sum + over(item), 0);
  if (surplus === 0) return 0;
  const counts = new Map(counted.map(({ shard, count }) => [shard, count]));
  const shares = Array.from({ length: shardsOf(bound.capacity) }, (_, shard) => shareOf(bound, shard));
  /** What all items together give up: none goes below what it counts. */
  const given = (less: number) =>
    shares.reduce((sum, share, shard) => sum + Math.max(Math.min(less, share - (counts.get(shard) ?? 0)), 0), 0);
  let less = Math.ceil(surplus / shares.length);
  while (given(less) < surplus && less < Math.max(...shares)) less++;
  return less;
}

/** The share of the bound that one item has. */
function shareOf({ capacity, most }: Bound, shard: number): number {
  const shards = shardsOf(capacity);
  if (shard >= shards) return 0;
  return Math.floor(most / shards) + (shard < most % shards ? 1 : 0);
}

function shardsOf(capacity: number): number {
  if (capacity === 0) return MOST_SHARDS;
  return capacity < SPREAD_FROM ? 1 : Math.min(Math.floor(capacity / PLACES_A_SHARD), MOST_SHARDS);
}
