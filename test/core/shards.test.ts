import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bound, type Seat, type Shard, seatIn } from '../../core/jobs/shards.ts';

const counted = (counts: Map<number, number>): Shard[] => [...counts].map(([shard, count]) => ({ shard, count }));
const total = (counts: Map<number, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);

/** Sits down as the table would have it. @returns whether the seat was free. */
function sit(counts: Map<number, number>, { shard, below = Number.POSITIVE_INFINITY }: Seat): boolean {
  const count = counts.get(shard) ?? 0;
  if (count >= below) return false;
  counts.set(shard, count + 1);
  return true;
}

const bound = fc
  .tuple(fc.integer({ min: 1, max: 2000 }), fc.nat(100))
  .map(([capacity, more]) => ({ capacity, most: capacity + more }));

function fill(counts: Map<number, number>, to: Bound): void {
  for (;;) {
    const seat = seatIn(to, counted(counts));
    if (!seat) return;
    expect(sit(counts, seat)).toBe(true);
  }
}

test('all places are taken before anyone is refused, and none besides', () => {
  fc.assert(
    fc.property(bound, (to) => {
      const counts = new Map<number, number>();
      fill(counts, to);
      expect(total(counts)).toBe(to.most);
      expect(counts.size > 1).toBe(to.capacity >= 200);
    }),
  );
});

test('many who saw the same counts do not exceed the bound, also one that was changed meanwhile', () => {
  fc.assert(
    fc.property(
      bound,
      bound,
      fc.integer({ min: 1, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (before, after, atOnce, share) => {
        const counts = new Map<number, number>();
        fill(counts, { capacity: before.capacity, most: Math.ceil(before.most * share) });
        const there = total(counts);
        const seen = counted(counts);
        const seats = Array.from({ length: atOnce }, () => seatIn(after, seen)).filter((seat) => seat !== undefined);
        for (const seat of seats) sit(counts, seat);
        expect(total(counts)).toBeLessThanOrEqual(Math.max(after.most, there));
      },
    ),
    // All that is there is in one item, which has more than its share.
    { examples: [[{ capacity: 100, most: 102 }, { capacity: 200, most: 200 }, 99, 1]] },
  );
});

test('without a bound there is always a place, spread over items', () => {
  const seats = Array.from({ length: 200 }, () => seatIn({ capacity: 0, most: 0 }, []));
  expect(new Set(seats.map((seat) => seat?.shard)).size).toBeGreaterThan(8);
  expect(seats.every((seat) => seat?.below === undefined)).toBe(true);
});
