/** How soon a full lane has room again. */
import type { Caps } from '../lanes.ts';
import { expectedSeconds } from '../proving-times.ts';
import type { Job, ProofJob } from './job.ts';
import { laneOf } from './lane-of.ts';

/** So much of the capacity is to be free again by then: of those who come back then, some find room. */
const SHARE = 0.1;
const LONGEST_SECONDS = 60;

/** What most transactions consist of is an output's proof. */
const TRANSACTION_K = 14;

/**
 * Seconds until a lane that is full has room: what it works at, at once and one after the other, is taken to be like what
 * was refused.
 */
export function drainSeconds(
  job: Pick<Job, 'lane' | 'operation'> & Partial<Pick<ProofJob, 'k' | 'provingBytes'>>,
  { capacity, maxConcurrency }: Caps,
): number {
  const { k = TRANSACTION_K, provingBytes } = job;
  const jobSeconds = expectedSeconds({ k, provingBytes }, laneOf(job).memoryMb).warm;
  const seconds = (Math.max(capacity * SHARE, 1) * jobSeconds) / maxConcurrency;
  return Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_SECONDS);
}
