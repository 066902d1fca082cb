/**
 * `npm run bench:scale`: simulates Nightshift on AWS under load, and a fixed pool of reference servers beside it. Draws
 * docs/scale/*.svg and prints the tables of docs/performance.md. Chance is seeded: each run comes to the same.
 */
import { progressOn } from '../../local/progress.ts';
import { printTable } from '../figures.ts';
import { burstChart, burstCourse } from './burst-course.ts';
import { draw } from './charts.ts';
import { costsByLoad, costsChart, crossover, nightshiftAt, POOL_FOR, type Row } from './costs-by-load.ts';
import { crossoverChart } from './crossover-chart.ts';
import { fairnessByLane } from './fairness.ts';
import { SIZES, USUAL } from './sizes.ts';
import { waitsByLoad, waitsChart } from './waits.ts';

const progress = progressOn(process.stderr);
/** The largest load, in proofs a minute: of the usual size, and of the others. */
const MOST = { usual: 100_000, others: 1000 };
/** Loads in the table of waits. */
const SHOWN = [10, 100, 1000];

await progress.step('Waits by load', async (report) => draw('waits', waitsChart(await waitsByLoad(report))));
await progress.step('A burst', async () => draw('burst', burstChart(burstCourse())));
const costs = await progress.step('Costs by load', async (report) => {
  const rows: Row[] = [];
  for (const size of SIZES) {
    rows.push(...(await costsByLoad(size, size === USUAL ? MOST.usual : MOST.others, report)));
  }
  return rows;
});
await draw('costs', costsChart(costs.filter(({ k }) => k === USUAL.k)));
await draw('crossover', crossoverChart(costs));

const ofPool = (who: Row['who']) => costs.filter((row) => row.who === who);

console.log('From so many proofs a minute on the pool is cheaper:\n');
printTable(
  ['k', 'load', POOL_FOR.peak, POOL_FOR.mean],
  SIZES.flatMap(({ k }) =>
    (['steady', 'diurnal', 'burst'] as const).map((profile) => [
      k,
      profile,
      ...[POOL_FOR.peak, POOL_FOR.mean].map((who) => {
        const from = crossover(
          ofPool(who).filter((row) => row.k === k && row.profile === profile),
          costs,
        );
        return Number.isFinite(from) ? from : 'never';
      }),
    ]),
  ),
);

console.log(`\nWhat 95 % of the waits do not exceed, in seconds, and $ per 1,000 proofs, at k = ${USUAL.k}:\n`);
printTable(
  ['load', 'proofs a minute', 'Nightshift s', '$', `${POOL_FOR.peak} s`, '$', `${POOL_FOR.mean} s`, '$'],
  ofPool(POOL_FOR.peak)
    .filter(({ k, load }) => k === USUAL.k && SHOWN.includes(load))
    .map((peak) => {
      const mean = ofPool(POOL_FOR.mean).find(
        ({ k, profile, load }) => k === peak.k && profile === peak.profile && load === peak.load,
      );
      const shown = [nightshiftAt(costs, peak), peak, mean].flatMap((row) => [row?.wait ?? 'full', row?.usd ?? 'full']);
      return [peak.profile, peak.load, ...shown];
    }),
);

console.log(
  '\nFive jobs in a lane in which another tenant has 500 waiting: how many proof times they wait (median).\n',
);
printTable(
  ['lane', 'at once', 'fair', 'without groups'],
  fairnessByLane().map(({ lane, fair, standard }) => [lane.name, lane.maxConcurrency, fair, standard]),
);
