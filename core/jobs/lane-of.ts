/** Lanes as this deployment has them. */
import { lanes } from '../config.ts';
import { type Lane, type LaneName, laneFor, type ProvingLane, smallestLane, TRANSACTION_LANE } from '../lanes.ts';

/** @throws NightshiftError CIRCUIT_TOO_LARGE */
export const provingLane = (operation: 'prove' | 'check', k: number): ProvingLane =>
  operation === 'check' ? smallestLane(lanes()) : laneFor(k, lanes());

export function laneNamed(name: LaneName): Lane {
  const lane = [...lanes(), TRANSACTION_LANE].find((candidate) => candidate.name === name);
  if (!lane) throw new Error(`no lane ${name}`);
  return lane;
}
