/** What a burst does, second by second. */
import { burst } from './arrivals.ts';
import { type Chart, COLORS } from './charts.ts';
import { nightshift, pool, WIDE } from './contest.ts';
import { POOL_FOR } from './costs-by-load.ts';
import { perSecond } from './loads.ts';
import type { Options, Sight } from './simulate.ts';
import { USUAL } from './sizes.ts';

/** Proofs a minute on average; in the burst it is eight times as many. */
const LOAD = 1000;
/** Of the simulated time, in minutes: the first hour's burst begins at 20. */
const [FROM, TO] = [18, 35];
const STEP_SECONDS = 4;

interface Row {
  who: string;
  minute: number;
  busy: number;
  waiting: number;
}

const WHO = ['Nightshift', POOL_FOR.peak, POOL_FOR.mean];

const profile = burst(perSecond(LOAD));

export function burstCourse(): Row[] {
  return [
    ...seen(POOL_FOR.peak, (options) => pool(USUAL, profile, 'peak', options)),
    ...seen(POOL_FOR.mean, (options) => pool(USUAL, profile, 'mean', options)),
    // Drawn last, so that nothing covers it.
    ...seen('Nightshift', (options) => nightshift(USUAL, profile, WIDE, options)),
  ];
}

/** How things stand every few seconds. */
function seen(who: string, run: (options: Options) => unknown): Row[] {
  const rows: Row[] = [];
  let next = FROM * 60;
  let last: Sight = { now: 0, waiting: 0, busy: 0 };
  const onEvent = (sight: Sight) => {
    for (; next <= sight.now && next <= TO * 60; next += STEP_SECONDS) {
      rows.push({ who, minute: next / 60 - FROM, busy: last.busy, waiting: last.waiting });
    }
    last = sight;
  };
  run({ onEvent });
  return rows;
}

export function burstChart(rows: Row[]): Chart {
  const panel = (field: 'busy' | 'waiting', title: string, height: number) => ({
    width: 600,
    height,
    mark: { type: 'line', interpolate: 'step-after' },
    encoding: {
      x: {
        field: 'minute',
        type: 'quantitative',
        axis: { title: 'minutes' },
        scale: { domain: [0, TO - FROM], nice: false },
      },
      y: { field, type: 'quantitative', axis: { title, format: ',d', tickCount: 4 } },
      color: { field: 'who', type: 'nominal', scale: { domain: WHO, range: COLORS }, legend: { title: null } },
    },
  });
  return {
    title: {
      text: 'A burst of five minutes',
      subtitle: `Simulated: proofs of k = ${USUAL.k}, ${asked(0)} a minute before and after, ${asked(20)} from minute 2 to 7.`,
    },
    data: { values: rows },
    vconcat: [panel('busy', 'proofs being made', 200), panel('waiting', 'jobs waiting', 140)],
  };
}

const asked = (minute: number): string => Math.round(profile.rateAt(minute * 60) * 60).toLocaleString('en');
