/** What a proof is expected to take, before anything is spent. */
import type { z } from 'zod';
import type { estimate } from './api/jobs.ts';
import { readLane } from './jobs/lane-counts.ts';
import { laneOf } from './jobs/lane-of.ts';
import type { CircuitSize, Lane, LaneName } from './lanes.ts';
import { invocationUsd } from './prices.ts';
import { expectedSeconds } from './proving-times.ts';

export type Estimate = z.infer<typeof estimate>;

/**
 * Of a proof in that lane as it stands now, once its keys are derived.
 *
 * @param admitted whether the proof is one of the lane's open jobs already.
 */
export async function estimateFor(
  proof: CircuitSize & { lane: LaneName },
  { admitted = false } = {},
): Promise<Estimate> {
  const { open, caps } = await readLane(proof.lane);
  return estimateIn({ ...laneOf(proof), ...caps }, proof, admitted ? open - 1 : open);
}

/**
 * Jobs before it are taken to be of its size, since a lane's counts do not tell sizes. The price is that of a proof whose
 * keys have to be loaded.
 *
 * @param ahead how many open jobs the lane has besides.
 */
export function estimateIn(lane: Lane, size: CircuitSize, ahead: number): Estimate {
  const { warm, cold } = expectedSeconds(size, lane.memoryMb);
  const toEndFirst = Math.max(ahead - lane.maxConcurrency + 1, 0);
  return {
    queuedMs: milliseconds((toEndFirst * warm) / lane.maxConcurrency),
    keysMs: milliseconds(cold - warm),
    proveMs: milliseconds(warm),
    costUsd: invocationUsd(lane, cold),
  };
}

const milliseconds = (seconds: number): number => Math.round(seconds * 1000);
