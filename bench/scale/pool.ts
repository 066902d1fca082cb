/** A fixed pool of reference servers on EC2: how many workers it has, and what they cost, day and night. */
import type { Profile } from './arrivals.ts';
import type { Size } from './sizes.ts';

/**
 * Compute-optimized instances of 2 cores, on demand, Linux, us-east-1, in US dollars an hour, as price lists of 2025 and 2026
 * quote https://aws.amazon.com/ec2/pricing/on-demand/. Twice the cores cost twice as much. Proofs are reckoned as fast as on
 * x86_64 on all of them, since they were not measured on Arm. Older ones (c6g: 0.068) have slower cores.
 */
const INSTANCES = [
  { name: 'c7g.large', usdPerHour: 0.0725 },
  { name: 'c6a.large', usdPerHour: 0.0765 },
  { name: 'c8g.large', usdPerHour: 0.07976 },
  { name: 'c7i.large', usdPerHour: 0.08925 },
] as const;
const INSTANCE_CORES = 2;

export const CHEAPEST = INSTANCES.reduce((a, b) => (b.usdPerHour < a.usdPerHour ? b : a));

export type Sizing = 'peak' | 'mean';

/** How busy workers are at the rate that they are sized for: at more, waits grow without bound. */
const UTILISATION = 0.8;

/** How many workers a pool has, each at one proof with cores of its own. */
export const workersFor = (profile: Profile, { onServer }: Size, sizing: Sizing): number =>
  Math.max(Math.ceil((profile[sizing] * onServer) / UTILISATION), 1);

/** Dollars a second; workers share instances, and no instance is started for half. */
export function poolUsd(workers: number, { serverCores }: Size): number {
  const instances = Math.ceil((workers * serverCores) / INSTANCE_CORES);
  return (instances * CHEAPEST.usdPerHour) / 3600;
}
