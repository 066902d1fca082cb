/** Chance that can be repeated. */

/** Numbers from 0 to below 1; the same seed gives the same ones (mulberry32). */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The pause before what happens at random, so long on average. */
export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random());
