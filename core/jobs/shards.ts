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

/** Any one, whether it has room or not. */
export const anyShard = ({ capacity }: Bound): number => randomInt(shardsOf(capacity));

/** @returns one that has room, as far as `counted` tells; undefined if none has. */
export function shardWithRoom(bound: Bound, counted: Shard[]): number | undefined {
  if (bound.capacity === 0) return anyShard(bound);
  const counts = new Map(counted.map(({ shard, count }) => [shard, count]));
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  // Where the bound was lowered, shards that are no longer written to may still count.
  if (total >= bound.most) return undefined;
  const shards = Array.from({ length: shardsOf(bound.capacity) }, (_, shard) => shard);
  const roomy = shards.filter((shard) => (counts.get(shard) ?? 0) < shareOf(bound, shard));
  return roomy.length > 0 ? roomy[randomInt(roomy.length)] : undefined;
}

/** The share of the bound that one item has. */
export function shareOf({ capacity, most }: Bound, shard: number): number {
  const shards = shardsOf(capacity);
  return Math.floor(most / shards) + (shard < most % shards ? 1 : 0);
}

function shardsOf(capacity: number): number {
  if (capacity === 0) return MOST_SHARDS;
  return capacity < SPREAD_FROM ? 1 : Math.min(Math.floor(capacity / PLACES_A_SHARD), MOST_SHARDS);
}
