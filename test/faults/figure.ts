/** What a test of the fault suite measured, told to whoever runs it; docs/faults.md keeps the last ones. */

/** How often, how many, how long: a number with its name, or words for it. */
type Measured = Record<string, number | string>;

/**
 * Prints a line such as `fault 14 · refused 5 · took 40 ms`.
 *
 * @param fault its number, or what else was put to the test.
 */
export function figure(fault: number | string, measured: Measured): void {
  const name = typeof fault === 'number' ? `fault ${fault}` : fault;
  const parts = Object.entries(measured).map(([what, value]) => `${what} ${value}`);
  process.stderr.write(`${[name, ...parts].join(' · ')}\n`);
}

/** Milliseconds as they are read: `40 ms`, `2.3 s`. */
export const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** The value below which that share of the measured ones lies. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? Number.NaN;
}
