import { describe, expect, test } from 'vitest';
import { estimate } from '../../core/api/jobs.ts';
import { estimateIn } from '../../core/estimate.ts';
import { LARGEST_K, laneFor, laneTable, type ProvingLane } from '../../core/lanes.ts';
import { invocationUsd } from '../../core/prices.ts';

const { proving: LANES } = laneTable();
const [SMALL, MEDIUM, LARGE] = LANES as [ProvingLane, ProvingLane, ProvingLane];

describe('the time to prove', () => {
  test('is what was measured on as many cores as the lane has', () => {
    expect(estimateIn(SMALL, { k: 11 }, 0)).toMatchObject({ proveMs: 580 });
    expect(estimateIn(MEDIUM, { k: 14 }, 0)).toMatchObject({ proveMs: 2110, keysMs: 490 });
  });

  test('is less with more cores, but no less than the part that they do not shorten', () => {
    const { proveMs } = estimateIn(LARGE, { k: 14 }, 0);
    expect(proveMs).toBeLessThan(estimateIn(MEDIUM, { k: 14 }, 0).proveMs);
    expect(proveMs).toBeGreaterThan(440);
  });

  test('grows with k, also where nothing was measured', () => {
    const times = Array.from({ length: LARGEST_K - 5 }, (_, index) => estimateIn(LARGE, { k: index + 6 }, 0).proveMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    expect(estimateIn(MEDIUM, { k: 12 }, 0).proveMs).toBeCloseTo(Math.sqrt(360 * 1140), 0);
    expect((times.at(-1) as number) / (times.at(-2) as number)).toBeCloseTo(2, 0);
  });

  test('is that of the smallest size measured for those below it', () => {
    expect(estimateIn(SMALL, { k: 1 }, 0)).toEqual(estimateIn(SMALL, { k: 6 }, 0));
  });
});

describe('the wait in the queue', () => {
  const proof = { k: 14 };
  const queuedMs = (ahead: number) => estimateIn(MEDIUM, proof, ahead).queuedMs;

  test('is none while the lane has a worker free', () => {
    expect(queuedMs(0)).toBe(0);
    expect(queuedMs(MEDIUM.maxConcurrency - 1)).toBe(0);
  });

  test('is until as many have ended as the lane has no worker for', () => {
    expect(queuedMs(MEDIUM.maxConcurrency)).toBe(Math.round(2110 / MEDIUM.maxConcurrency));
    expect(queuedMs(2 * MEDIUM.maxConcurrency - 1)).toBe(2110);
  });
});

test('the price is that of an invocation in which keys are loaded', () => {
  const { costUsd } = estimateIn(MEDIUM, { k: 14 }, 50);
  expect(costUsd).toBeCloseTo(invocationUsd(MEDIUM, 2.6), 12);
});

test('every size that a lane takes has an estimate in the form of the API', () => {
  for (let k = 0; k <= LARGEST_K; k++) {
    expect(estimate.parse(estimateIn(laneFor({ k }, LANES), { k }, 7))).toMatchObject({ queuedMs: expect.any(Number) });
  }
});
