/** How long proofs wait at each load, and how many are refused. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Report } from '../../local/progress.ts';
import { steady } from './arrivals.ts';
import { type Chart, COLORS, powers } from './charts.ts';
import { type Caps, nightshift, SHIPPED, WIDE } from './contest.ts';
import { loads, perSecond } from './loads.ts';
import { SIZES, type Size } from './sizes.ts';

/** A logarithm has no place for none. */
const SHORTEST_DRAWN_SECONDS = 0.01;

interface Row {
  caps: string;
  lane: string;
  load: number;
  wait: number;
  percentile: string;
  refused: number;
}

export async function waitsByLoad(report: Report): Promise<Row[]> {
  const rows: Row[] = [];
  for (const caps of [SHIPPED, WIDE]) {
    for (const size of SIZES) {
      for (const load of loads(10, 100_000)) {
        report(`k=${size.k}, caps ${caps.name}, ${load} a minute`);
        await nextTurn();
        rows.push(...rowsOf(size, caps, load));
      }
    }
  }
  return rows;
}

function rowsOf(size: Size, caps: Caps, load: number): Row[] {
  const { waits, refused, admitted } = nightshift(size, steady(perSecond(load)), caps).outcome;
  return [50, 95].map((percent) => ({
    caps: `caps ${caps.name}`,
    lane: `${size.lane.name}, k = ${size.k}`,
    load,
    wait: Math.max(waits.percentile(percent), SHORTEST_DRAWN_SECONDS),
    percentile: percent === 50 ? 'median' : '95 %',
    refused: refused / (refused + admitted),
  }));
}

const load = {
  field: 'load',
  type: 'quantitative',
  scale: { type: 'log', domain: [10, 100_000] },
  axis: { title: 'proofs asked for a minute', format: '~s', values: powers(10, 100_000) },
};
const lane = {
  field: 'lane',
  type: 'nominal',
  sort: null,
  scale: { range: COLORS },
  legend: { title: 'lane' },
};
const SIZE = { width: 340, height: 210 };

export function waitsChart(rows: Row[]): Chart {
  const column = ({ name }: Caps) => {
    const values = rows.filter(({ caps }) => caps === `caps ${name}`);
    return {
      vconcat: [
        {
          ...SIZE,
          title: { text: `caps ${name}`, fontSize: 13, offset: 4 },
          data: { values },
          mark: { type: 'line' },
          encoding: {
            x: { ...load, axis: { ...load.axis, title: null } },
            y: {
              field: 'wait',
              type: 'quantitative',
              scale: { type: 'log', domain: [SHORTEST_DRAWN_SECONDS, 100], clamp: true },
              axis: {
                title: 'wait, s',
                values: powers(SHORTEST_DRAWN_SECONDS, 100),
                format: '~g',
              },
            },
            color: lane,
            strokeDash: {
              field: 'percentile',
              type: 'nominal',
              sort: null,
              scale: {
                domain: ['median', '95 %'],
                range: [
                  [1, 0],
                  [5, 4],
                ],
              },
              legend: { title: 'of the waits' },
            },
          },
        },
        {
          ...SIZE,
          height: 90,
          data: { values: values.filter(({ percentile }) => percentile === 'median') },
          mark: { type: 'line' },
          encoding: {
            x: load,
            y: {
              field: 'refused',
              type: 'quantitative',
              scale: { domain: [0, 1] },
              axis: { title: 'refused', format: '%', values: [0, 0.5, 1] },
            },
            color: lane,
          },
        },
      ],
    };
  };
  return {
    title: {
      text: 'How long proofs wait, by load',
      subtitle:
        'Simulated, steady load. Until the proof begins; below 0.01 s drawn as that. What a lane can’t hold is refused.',
    },
    hconcat: [SHIPPED, WIDE].map(column),
  };
}
