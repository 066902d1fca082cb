/** What Lambda costs in us-east-1, in US dollars, as https://aws.amazon.com/lambda/pricing/ had it on the date. */
export const PRICES = {
  asOf: '2026-11-21',
  requestUsd: 0.2e-6,
  /** On x86_64, for which the prover is built. */
  gbSecondUsd: 0.0000166667,
  /** Of /tmp beyond the 512 MB that are free. */
  diskGbSecondUsd: 0.0000000309,
} as const;

const MB_PER_GB = 1024;
/** Every function has so much of /tmp. */
export const FREE_DISK_MB = 512;

/** One invocation of a function. */
export function invocationUsd({ memoryMb, diskMb }: { memoryMb: number; diskMb: number }, seconds: number): number {
  const memory = (memoryMb / MB_PER_GB) * PRICES.gbSecondUsd;
  const disk = (Math.max(diskMb - FREE_DISK_MB, 0) / MB_PER_GB) * PRICES.diskGbSecondUsd;
  return PRICES.requestUsd + seconds * (memory + disk);
}
