import { describe, expect, test } from 'vitest';
import { chooseLanes } from '../../bench/tune/choose.ts';
import type { Measurement } from '../../bench/tune/measure.ts';

/** Twice as much of everything for each k. */
const size = (k: number, all = 2 ** (k - 14)): Measurement => ({
  k,
  cores: 2,
  seconds: { one: 1.5 * 2 ** (k - 14), all },
  coldSeconds: 2 * all,
  keygenSeconds: 0,
  peakMb: { proving: 250 * 2 ** (k - 14), keygen: 0 },
  estimatedMb: 0,
  diskMb: 2 ** (k - 11),
});
const sizes = Array.from({ length: 14 }, (_, index) => size(index + 6));

describe('the lanes', () => {
  test.each(['cost', 'latency'] as const)('for %s take every size once, and each has room for its largest', (goal) => {
    const lanes = chooseLanes(sizes.slice(0, 13), goal);
    expect(lanes.length).toBeLessThanOrEqual(3);
    expect(lanes.flatMap(({ proofs }) => proofs.map(({ k }) => k))).toEqual(sizes.slice(0, 13).map(({ k }) => k));
    for (const { maxK, memoryMb } of lanes) {
      expect(memoryMb).toBeGreaterThanOrEqual((sizes[maxK - 6] as Measurement).peakMb.proving * 1.25);
      expect(memoryMb).toBeLessThanOrEqual(10_240);
    }
  });

  test('cost less where they are chosen for cost, and take less time where they are chosen for that', () => {
    const total = (goal: 'cost' | 'latency', figure: 'usd' | 'seconds') =>
      chooseLanes(sizes.slice(0, 13), goal)
        .flatMap(({ proofs }) => proofs.map((proof) => proof[figure]))
        .reduce((sum, value) => sum + value);
    expect(total('cost', 'usd')).toBeLessThan(total('latency', 'usd'));
    expect(total('latency', 'seconds')).toBeLessThan(total('cost', 'seconds'));
  });

  test('are as many as pay: one where every size costs least with the same memory, more where sizes need more', () => {
    expect(chooseLanes(sizes.slice(0, 4), 'cost').map(({ maxK }) => maxK)).toEqual([9]);
    expect(chooseLanes(sizes.slice(0, 13), 'cost').length).toBeGreaterThan(1);
    expect(chooseLanes([size(6)], 'cost').map(({ maxK }) => maxK)).toEqual([6]);
  });

  test('have no place for what no function has the memory for', () => {
    expect(() => chooseLanes([size(14), { ...size(19), peakMb: { proving: 9_000, keygen: 0 } }], 'cost')).toThrow(
      'k=19 takes 9000 MB at its peak: no function has room for that.',
    );
  });
});
