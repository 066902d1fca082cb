/** What 1,000 proofs cost at each load, by Nightshift and by a fixed pool, and from which load on the pool is cheaper. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Report } from '../../local/progress.ts';
import { burst, diurnal, type Profile, steady } from './arrivals.ts';
import { type Chart, COLORS, powers } from './charts.ts';
import { nightshift, pool, WIDE } from './contest.ts';
import { loads, perSecond } from './loads.ts';
import type { Sizing } from './pool.ts';
import type { Size } from './sizes.ts';

const PROFILES = [steady, diurnal, burst];
/** An hour or a day at a larger load has more arrivals than can be simulated in minutes. */
const MOST = { steady: 100_000, burst: 10_000, diurnal: 10_000 };

/** A lane that refuses more than that is full: what it costs then is no answer to that load. */
const FULL = 0.01;

export const POOL_FOR = { peak: 'pool sized for the peak', mean: 'pool sized for the mean' } as const;

export interface Row {
  k: number;
  profile: Profile['name'];
  load: number;
  who: 'Nightshift' | (typeof POOL_FOR)[Sizing];
  usd: number;
  /** Seconds that 95 % of the waits do not exceed. */
  wait: number;
}

/** @param to largest load, in proofs a minute. */
export async function costsByLoad(size: Size, to: number, report: Report): Promise<Row[]> {
  const rows: Row[] = [];
  for (const profile of PROFILES) {
    const { name } = profile(1);
    for (const load of loads(1, Math.min(to, MOST[name]), [1, 3])) {
      report(`k=${size.k}, ${name}, ${load} a minute`);
      await nextTurn();
      rows.push(...rowsOf(size, profile(perSecond(load)), load));
    }
  }
  return rows;
}

function rowsOf(size: Size, profile: Profile, load: number): Row[] {
  const common = { k: size.k, profile: profile.name, load };
  const { outcome, usd } = nightshift(size, profile, WIDE);
  const isFull = outcome.refused > FULL * (outcome.refused + outcome.admitted);
  const own: Row[] = isFull ? [] : [{ ...common, who: 'Nightshift', usd, wait: outcome.waits.percentile(95) }];
  const pools = (['peak', 'mean'] satisfies Sizing[]).map((sizing): Row => {
    const result = pool(size, profile, sizing);
    const wait = result.outcome.waits.percentile(95);
    return { ...common, who: POOL_FOR[sizing], usd: result.usd, wait };
  });
  return [...own, ...pools];
}

/** What Nightshift comes to under the same load; undefined if its lane is full. */
export const nightshiftAt = (rows: Row[], { k, profile, load }: Row): Row | undefined =>
  rows.find((row) => row.who === 'Nightshift' && row.k === k && row.profile === profile && row.load === load);

/**
 * The load, in proofs a minute, from which on the pool is the cheaper one, between those that were simulated; Infinity if it
 * never is.
 *
 * @param pooled rows of one size, profile and sizing.
 */
export function crossover(pooled: Row[], all: Row[]): number {
  const ratios = pooled.flatMap((row) => {
    const own = nightshiftAt(all, row);
    return own ? [{ load: row.load, ratio: Math.log(row.usd / own.usd) }] : [];
  });
  const last = ratios.findLastIndex(({ ratio }) => ratio > 0);
  const [before, after] = [ratios[last], ratios[last + 1]];
  if (!after) return Number.POSITIVE_INFINITY;
  if (!before) return after.load;
  return before.load * (after.load / before.load) ** (before.ratio / (before.ratio - after.ratio));
}

/** Of one size. */
export function costsChart(rows: Row[]): Chart {
  const legend = { title: null, orient: 'bottom' };
  return {
    title: {
      text: 'What 1,000 proofs cost, by load',
      subtitle: `Simulated: proofs of k = ${rows[0]?.k}; the pool runs day and night. Nightshift ends where one lane is full.`,
    },
    data: { values: rows },
    facet: {
      column: { field: 'profile', type: 'nominal', sort: PROFILES.map((profile) => profile(1).name), title: null },
    },
    spec: {
      width: 240,
      height: 260,
      mark: { type: 'line' },
      encoding: {
        x: {
          field: 'load',
          type: 'quantitative',
          scale: { type: 'log', domain: [1, 100_000] },
          axis: { title: 'proofs a minute, on average', format: '~s', values: powers(1, 100_000) },
        },
        y: {
          field: 'usd',
          type: 'quantitative',
          scale: { type: 'log', domain: [0.02, 2] },
          axis: { title: '$ per 1,000 proofs', format: '~g', values: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2] },
        },
        color: { field: 'who', type: 'nominal', sort: null, scale: { range: COLORS }, legend },
        strokeDash: {
          field: 'who',
          type: 'nominal',
          sort: null,
          scale: {
            range: [
              [1, 0],
              [1, 0],
              [5, 4],
            ],
          },
          legend,
        },
      },
    },
  };
}
