import { expect, test } from 'vitest';
import { laneFor, laneTable } from '../../core/lanes.ts';

const { proving: LANES, transaction, keys } = laneTable();

test('each k has the smallest lane that takes it', () => {
  for (const [index, { maxK, name }] of LANES.entries()) {
    expect(laneFor({ k: maxK }, LANES).name).toBe(name);
    expect(laneFor({ k: (LANES[index - 1]?.maxK ?? -1) + 1 }, LANES).name).toBe(name);
  }
});

test('a circuit that takes more memory than its k lets expect has a larger lane, and none if it takes too much', () => {
  const MB = 2 ** 20;
  expect(laneFor({ k: 6, provingBytes: 100 * MB }, LANES).name).toBe('small');
  expect(laneFor({ k: 6, provingBytes: 2000 * MB }, LANES).name).toBe('medium');
  expect(() => laneFor({ k: 6, provingBytes: 20_000 * MB }, LANES)).toThrow(
    'The circuit has k=6 and takes some 20200 MB to prove; the largest lane takes 10240 MB.',
  );
});

test('the table keeps to what AWS allows and to what one counter item carries', () => {
  for (const { memoryMb, timeoutSeconds, diskMb, maxConcurrency, capacity } of [...LANES, transaction, keys]) {
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
  expect(laneFor({ k: 0 }, pool)).toBe(laneFor({ k: 19 }, pool));
});
