/** When proofs are asked for: Poisson arrivals at a rate that stays, bursts, or follows the day. Times are in seconds. */
import { exponential, type Random } from './random.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

export interface Profile {
  name: 'steady' | 'burst' | 'diurnal';
  /** Proofs a second, at its mean and at its most. */
  mean: number;
  peak: number;
  /** After so long it begins anew. */
  period: number;
  rateAt: (seconds: number) => number;
}

export const steady = (mean: number): Profile => ({
  name: 'steady',
  mean,
  peak: mean,
  period: HOUR,
  rateAt: () => mean,
});

/** In every hour so many minutes at so many times the rate of the others. */
const BURST = { from: 20 * 60, seconds: 5 * 60, times: 20 };

export function burst(mean: number): Profile {
  const between = mean / (1 + ((BURST.times - 1) * BURST.seconds) / HOUR);
  const peak = between * BURST.times;
  const isBurst = (seconds: number) => BURST.from <= seconds % HOUR && seconds % HOUR < BURST.from + BURST.seconds;
  return { name: 'burst', mean, peak, period: HOUR, rateAt: (seconds) => (isBurst(seconds) ? peak : between) };
}

/** How far the rate of a day swings about its mean, as a share of it. */
const SWING = 0.9;

export const diurnal = (mean: number): Profile => ({
  name: 'diurnal',
  mean,
  peak: mean * (1 + SWING),
  period: DAY,
  rateAt: (seconds) => mean * (1 - SWING * Math.cos((2 * Math.PI * seconds) / DAY)),
});

/** The arrivals up to `until`, one after the other: those at the peak's rate, of which as many are left out as are too many. */
export function* arrivals({ peak, rateAt }: Profile, random: Random, until: number): Generator<number> {
  for (let at = exponential(random, 1 / peak); at < until; at += exponential(random, 1 / peak)) {
    if (random() * peak < rateAt(at)) yield at;
  }
}
