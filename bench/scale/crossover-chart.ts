/** The cost of a pool that is sized for its peak, as a multiple of Nightshift's: above one, Nightshift is cheaper. */
import { type Chart, COLORS, powers } from './charts.ts';
import { nightshiftAt, POOL_FOR, type Row } from './costs-by-load.ts';

const MOST = 1000;

export function crossoverChart(rows: Row[]): Chart {
  const values = rows
    .filter(({ who, load }) => who === POOL_FOR.peak && load <= MOST)
    .flatMap((row) => {
      const own = nightshiftAt(rows, row);
      return own ? [{ ...row, size: `k = ${row.k}`, ratio: row.usd / own.usd }] : [];
    });
  return {
    title: {
      text: 'Who is cheaper',
      subtitle:
        'Simulated, the pool sized for its peak. Above the line Nightshift is cheaper, below it the pool of reference servers.',
    },
    data: { values },
    facet: { column: { field: 'size', type: 'nominal', sort: null, title: null } },
    spec: {
      width: 240,
      height: 240,
      layer: [
        { mark: { type: 'rule', color: '#14213d', strokeWidth: 1.5 }, encoding: { y: { datum: 1 } } },
        {
          mark: { type: 'line' },
          encoding: {
            x: {
              field: 'load',
              type: 'quantitative',
              scale: { type: 'log', domain: [1, MOST] },
              axis: { title: 'proofs a minute, on average', format: '~s', values: powers(1, MOST) },
            },
            y: {
              field: 'ratio',
              type: 'quantitative',
              scale: { type: 'log', domain: [0.1, 10], clamp: true },
              axis: { title: "the pool's cost / Nightshift's", values: [0.1, 0.2, 0.5, 1, 2, 5, 10], format: '~g' },
            },
            color: {
              field: 'profile',
              type: 'nominal',
              sort: null,
              scale: { range: COLORS },
              legend: { title: null, orient: 'bottom' },
            },
          },
        },
      ],
    },
  };
}
