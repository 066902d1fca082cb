/** The proofs that are simulated: one size for each lane, and how long it takes there and on a server. */
import { laneFor, laneTable, MB_PER_CORE, type ProvingLane } from '../../core/lanes.ts';
import { expectedSeconds } from '../../core/proving-times.ts';
import type { ProofSeconds } from './lambda-workers.ts';

/**
 * Until a new environment's handler runs, in seconds. `npm run smoke` has not measured it on AWS yet; a zip function on
 * Node 24 takes 0.43 s with 1 GB (https://github.com/k-i-soft/lambda-coldstart-bench), and ours brings the prover, too.
 */
const COLD_START_SECONDS = 1;

/** What a warm invocation takes besides the proof: storage and handler (docs/performance.md, one proof in three rings). */
const HANDLER_SECONDS = 0.02;

export interface Size {
  k: number;
  lane: ProvingLane;
  /** Cores that a server gives to one proof: as many as the lane's function has, in whole ones. */
  serverCores: number;
  onLambda: ProofSeconds;
  onServer: number;
}

function sizeOf(k: number): Size {
  const lane = laneFor({ k }, laneTable().proving);
  const { warm, cold } = expectedSeconds({ k }, lane.memoryMb);
  const serverCores = Math.round(lane.memoryMb / MB_PER_CORE);
  return {
    k,
    lane,
    serverCores,
    onLambda: { coldStart: COLD_START_SECONDS, warm: warm + HANDLER_SECONDS, cold: cold + HANDLER_SECONDS },
    onServer: expectedSeconds({ k }, serverCores * MB_PER_CORE).warm,
  };
}

export const SIZES: readonly Size[] = [11, 14, 17].map(sizeOf);

/** That of the proof which wallets ask for most: a shielded output. */
export const USUAL = SIZES.find(({ k }) => k === 14) as Size;
