import { expect, test } from 'vitest';
import { drainSeconds } from '../../core/jobs/drain.ts';

const OF_FEW_JOBS = { capacity: 3, maxConcurrency: 2 };
const AS_DEPLOYED = { capacity: 190, maxConcurrency: 20 };

test.each([
  // A tenth of 190 jobs of 2.11 s each, 20 at once.
  ['a tenth of its capacity, at what its jobs take', { lane: 'medium', k: 14 }, AS_DEPLOYED, 3],
  ['longer for larger circuits', { lane: 'medium', k: 15 }, AS_DEPLOYED, 4],
  ['longer for wider circuits', { lane: 'medium', k: 14, provingBytes: 2 * 237_397_606 }, AS_DEPLOYED, 6],
  ['longer the fewer run at once', { lane: 'medium', k: 14 }, { capacity: 190, maxConcurrency: 4 }, 11],
  ['at least one whole job, of a small capacity', { lane: 'medium', k: 15 }, OF_FEW_JOBS, 3],
  ['a second at the least', { lane: 'small', k: 6 }, AS_DEPLOYED, 1],
  ['a minute at the most', { lane: 'large', k: 19 }, { capacity: 5000, maxConcurrency: 5 }, 60],
] as const)('a full lane has room after %s', (_, { lane, ...size }, caps, seconds) => {
  expect(drainSeconds({ operation: 'prove', lane, ...size }, caps)).toBe(seconds);
});

test('a transaction is taken for the proof of an output', () => {
  const { lane, operation } = { lane: 'transaction', operation: 'transaction' } as const;
  expect(drainSeconds({ lane, operation }, AS_DEPLOYED)).toBe(
    drainSeconds({ lane, operation: 'prove', k: 14 }, AS_DEPLOYED),
  );
  expect(drainSeconds({ lane, operation }, AS_DEPLOYED)).toBe(7);
});
