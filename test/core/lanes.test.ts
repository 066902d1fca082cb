import { expect, test } from 'vitest';
import { laneFor, laneTable } from '../../core/lanes.ts';

const { proving: LANES, transaction } = laneTable();

test('each k has the smallest lane that takes it', () => {
  for (const [index, { maxK, name }] of LANES.entries()) {
    expect(laneFor(maxK, LANES).name).toBe(name);
    expect(laneFor((LANES[index - 1]?.maxK ?? -1) + 1, LANES).name).toBe(name);
  }
});

test('the table keeps to what AWS allows and to what one counter item carries', () => {
  for (const { memoryMb, timeoutSeconds, diskMb, maxConcurrency, capacity } of [...LANES, transaction]) {
    expect(memoryMb).toBeLessThanOrEqual(10_240);
    expect(timeoutSeconds).toBeLessThanOrEqual(900);
    expect(diskMb).toBeGreaterThanOrEqual(512);
    expect(maxConcurrency).toBeGreaterThanOrEqual(2);
    expect(maxConcurrency).toBeLessThanOrEqual(1000);
    expect(capacity).toBeLessThan(200);
  }
});

test('where a pool is asked for, one lane takes every size', () => {
  const { proving: pool } = laneTable({ pool: { workers: 2, capacity: 3, timeoutSeconds: 600 } });
  expect(pool).toMatchObject([{ name: 'pool', maxConcurrency: 2, capacity: 3, timeoutSeconds: 600 }]);
  expect(laneFor(0, pool)).toBe(laneFor(19, pool));
});
