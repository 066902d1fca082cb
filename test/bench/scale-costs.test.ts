import { describe, expect, test } from 'vitest';
import { burst, steady } from '../../bench/scale/arrivals.ts';
import { nightshift, pool, SHIPPED } from '../../bench/scale/contest.ts';
import { enteringUsd, IDLE_USD } from '../../bench/scale/costs.ts';
import { crossover, POOL_FOR, type Row } from '../../bench/scale/costs-by-load.ts';
import { CHEAPEST, poolUsd, workersFor } from '../../bench/scale/pool.ts';
import { SIZES, USUAL } from '../../bench/scale/sizes.ts';
import { AUTHORIZATION_CACHE_SECONDS } from '../../core/limits.ts';
import { invocationUsd } from '../../core/prices.ts';

const MONTH = 30 * 24 * 3600;

describe('what Nightshift costs', () => {
  test('without any job is the polling of its queues, the web ACL and a key: between nine and ten dollars a month', () => {
    expect(IDLE_USD * MONTH).toBeGreaterThan(9);
    expect(IDLE_USD * MONTH).toBeLessThan(10);
  });

  test('to be let in is a price for each request, API Gateway’s and the web ACL’s, and one for each asking of authorize', () => {
    const once = enteringUsd(0, AUTHORIZATION_CACHE_SECONDS);
    expect(once).toBeGreaterThan(0);
    expect(enteringUsd(0, 1)).toBe(once);
    expect(enteringUsd(0, AUTHORIZATION_CACHE_SECONDS + 1)).toBe(2 * once);
    expect(enteringUsd(3, 1) - once).toBeCloseTo(3 * 4.1e-6, 12);
  });

  test.each(SIZES)(
    'besides that is more than its function’s time for a proof of k=$k, and the same at twice the load',
    (size) => {
      const [one = 0, twice = 0] = [10, 20].map((perMinute) => {
        const perSecond = perMinute / 60;
        return nightshift(size, steady(perSecond), SHIPPED).usd - (1000 * IDLE_USD) / perSecond;
      });
      expect(one).toBeGreaterThan(1000 * invocationUsd(size.lane, size.onLambda.warm));
      expect(twice / one).toBeCloseTo(1, 1);
    },
  );
});

describe('a pool', () => {
  test('has one worker at least, and proofs cost twice as much there where half as many are asked for', () => {
    expect(poolUsd(workersFor(steady(1e-6), USUAL, 'mean'), USUAL) * 3600).toBe(CHEAPEST.usdPerHour);
    const [few, fewer] = [0.01, 0.005].map((rate) => pool(USUAL, steady(rate), 'mean'));
    expect((fewer?.usd ?? 0) / (few?.usd ?? 0)).toBeCloseTo(2, 1);
  });

  test('sized for the peak has workers for the peak, so that bursts wait less there, and cost more', () => {
    const load = burst(10);
    const [peak, mean] = [pool(USUAL, load, 'peak'), pool(USUAL, load, 'mean')];
    expect(peak.workers / mean.workers).toBeCloseTo(load.peak / load.mean, 0);
    expect(peak.outcome.waits.percentile(95)).toBeLessThan(mean.outcome.waits.percentile(95) / 10);
    expect(peak.usd / mean.usd).toBeCloseTo(load.peak / load.mean, 0);
  });
});

describe('the crossover', () => {
  const rows = (who: Row['who'], ...usd: number[]): Row[] =>
    usd.map((dollars, power) => ({ k: 14, profile: 'steady', load: 10 ** power, who, usd: dollars, wait: 0 }));
  const from = (...usd: number[]) => {
    const pooled = rows(POOL_FOR.peak, ...usd);
    return crossover(pooled, [...pooled, ...rows('Nightshift', 1, 1, 1)]);
  };

  test('is where the pool becomes cheaper for good, between the loads that were simulated', () => {
    expect(from(10, 0.1, 0.1)).toBeCloseTo(10 ** 0.5);
    expect(from(0.5, 10, 0.1)).toBeCloseTo(10 ** 1.5);
  });

  test('is the smallest load where the pool always is, and never where it never is', () => {
    expect(from(0.5, 0.5, 0.5)).toBe(1);
    expect(from(0.5, 0.5, 2)).toBe(Number.POSITIVE_INFINITY);
  });
});
