import { expect, test } from 'vitest';
import { laneFor, laneSettings, lanesIn, laneTable } from '../../core/lanes.ts';

const TABLE = laneTable();
const LANES = TABLE.proving;

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
  for (const { memoryMb, timeoutSeconds, diskMb, maxConcurrency, capacity } of lanesIn(TABLE)) {
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

test('what is said of one lane counts for more than what lowers every cap', () => {
  const { proving, keys } = laneTable({ maxConcurrency: 3, lanes: { small: { maxConcurrency: 8, capacity: 7 } } });
  expect(proving[0]).toMatchObject({ name: 'small', maxConcurrency: 8, capacity: 7 });
  expect(proving[1]).toMatchObject({ name: 'medium', maxConcurrency: 3, capacity: LANES[1]?.capacity });
  expect(keys).toMatchObject({ maxConcurrency: 3 });
});

const pool = { workers: 4, capacity: 0, timeoutSeconds: 60 };
test.each([
  ['a lane that there is not', { lanes: { pool: { capacity: 1 } } }, 'There is no lane pool here'],
  ['a lane that the pool stands for', { pool, lanes: { small: { capacity: 1 } } }, 'but pool, transaction, keys.'],
  ['a bound for what is never refused', { lanes: { keys: { capacity: 4 } } }, 'It takes no capacity'],
  ['a reserve below the cap', { lanes: { large: { reservedConcurrency: 4 } } }, 'maxConcurrency is 5'],
  ['a reserve below the pool', { pool, lanes: { pool: { reservedConcurrency: 3 } } }, '3 functions are reserved'],
])('%s is refused', (_, settings, reason) => {
  expect(laneSettings.safeParse(settings).error?.message).toContain(reason);
});

test('a reserve that is as large as the cap is taken', () => {
  expect(laneSettings.safeParse({ lanes: { large: { reservedConcurrency: 5 } } }).success).toBe(true);
});
