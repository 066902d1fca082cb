/** How long proofs take, as measured, and what follows for other sizes and memories. */
import { type CircuitSize, MB_PER_CORE } from './lanes.ts';
import { BYTES_PER_MB } from './limits.ts';

/** Of a circuit of one size. */
export interface ProvingTimes {
  k: number;
  /** How many `all` are. */
  cores: number;
  /** Of one proof, warm, on one core and on all. */
  seconds: { one: number; all: number };
  /** From an empty prover, on all cores: load and proof. */
  coldSeconds: number;
}

/** Chains of hashes: `npm run tune -- --from 6 --to 17`, on two cores (docs/performance.md). */
const MEASURED: readonly ProvingTimes[] = [
  { k: 6, cores: 2, seconds: { one: 0.05, all: 0.05 }, coldSeconds: 0.06 },
  { k: 9, cores: 2, seconds: { one: 0.18, all: 0.13 }, coldSeconds: 0.15 },
  { k: 11, cores: 2, seconds: { one: 0.58, all: 0.36 }, coldSeconds: 0.41 },
  { k: 13, cores: 2, seconds: { one: 2, all: 1.14 }, coldSeconds: 1.37 },
  { k: 14, cores: 2, seconds: { one: 3.78, all: 2.11 }, coldSeconds: 2.6 },
  { k: 15, cores: 2, seconds: { one: 7.33, all: 4.14 }, coldSeconds: 5 },
  { k: 16, cores: 2, seconds: { one: 14, all: 8.34 }, coldSeconds: 11 },
  { k: 17, cores: 2, seconds: { one: 28, all: 16 }, coldSeconds: 20 },
];

/** Seconds of a warm proof at that memory: Amdahl's law through what one core and all of them were measured to take. */
export function secondsAt(
  { cores, seconds: { one, all } }: Pick<ProvingTimes, 'cores' | 'seconds'>,
  memoryMb: number,
): number {
  const given = memoryMb / MB_PER_CORE;
  if (given <= 1 || cores === 1) return one / Math.min(given, 1);
  const serial = Math.min(Math.max((all / one - 1 / cores) / (1 - 1 / cores), 0), 1);
  return one * (serial + (1 - serial) / given);
}

/** Seconds of a proof from an empty prover: longer by the same factor at every memory. */
export const coldSecondsAt = (times: ProvingTimes, memoryMb: number): number =>
  secondsAt(times, memoryMb) * (times.coldSeconds / times.seconds.all);

/**
 * Seconds of a warm proof, and of one from an empty prover, at that memory. Between the sizes that were measured, and
 * beyond the largest, times grow by the same factor with each k; below the smallest they do not change.
 */
export function expectedSeconds(size: CircuitSize, memoryMb: number): { warm: number; cold: number } {
  const { warm, cold } = secondsOfNarrow(size.k, memoryMb);
  const width = widthOf(size);
  return { warm: warm * width, cold: cold * width };
}

function secondsOfNarrow(k: number, memoryMb: number): { warm: number; cold: number } {
  const above = MEASURED.findIndex((times) => k <= times.k);
  if (above === 0) return secondsOf(MEASURED[0] as ProvingTimes, memoryMb);
  const [lower, upper] = MEASURED.slice(above < 0 ? -2 : above - 1).slice(0, 2) as [ProvingTimes, ProvingTimes];
  const [from, to] = [secondsOf(lower, memoryMb), secondsOf(upper, memoryMb)];
  const between = (a: number, b: number) => a * (b / a) ** ((k - lower.k) / (upper.k - lower.k));
  return { warm: between(from.warm, to.warm), cold: between(from.cold, to.cold) };
}

/** What the prover estimates for the circuits that were measured: so much whatever their size, and so much a row. */
const PROVING_BYTES = { besides: 80 * BYTES_PER_MB, perRow: 9370 };

/**
 * How many times as wide a circuit is as those that were measured, which have the fewest chips. Its memory tells how many
 * columns it has, and its proof takes longer by about as much.
 */
const widthOf = ({ k, provingBytes = 0 }: CircuitSize): number =>
  Math.max((provingBytes - PROVING_BYTES.besides) / (PROVING_BYTES.perRow * 2 ** k), 1);

const secondsOf = (times: ProvingTimes, memoryMb: number) => ({
  warm: secondsAt(times, memoryMb),
  cold: coldSecondsAt(times, memoryMb),
});
