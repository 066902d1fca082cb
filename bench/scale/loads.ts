/** Loads to be simulated, in proofs a minute, evenly spread over powers of ten. */
const DECADE = [1, 2, 5];

export function loads(from: number, to: number, steps = DECADE): number[] {
  const decades = Array.from({ length: Math.round(Math.log10(to / from)) }, (_, power) => from * 10 ** power);
  return [...decades.flatMap((decade) => steps.map((step) => step * decade)), to];
}

export const perSecond = (perMinute: number): number => perMinute / 60;
