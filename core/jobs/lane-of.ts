/** Lanes as this deployment has them. */
import { lanes } from '../config.ts';
import { type CircuitSize, type Lane, type LaneName, laneFor, type ProvingLane, smallestLane } from '../lanes.ts';

/** @throws NightshiftError CIRCUIT_TOO_LARGE */
export const provingLane = (operation: 'prove' | 'check', size: CircuitSize): ProvingLane =>
  operation === 'check' ? smallestLane(lanes().proving) : laneFor(size, lanes().proving);

/** @returns undefined if the deployment has no such lane (any more). */
export function laneNamed(name: LaneName): Lane | undefined {
  const { proving, transaction, keys } = lanes();
  return [...proving, transaction, keys].find((lane) => lane.name === name);
}

/** The lane that a job is in. */
export function laneOf({ lane: name }: { lane: LaneName }): Lane {
  const lane = laneNamed(name);
  if (!lane) throw new Error(`no lane ${name}`);
  return lane;
}
