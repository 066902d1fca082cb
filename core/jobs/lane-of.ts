/** Lanes as this deployment has them. */
import { lanes } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import {
  type CircuitSize,
  type Lane,
  type LaneName,
  laneFor,
  lanesIn,
  type ProvingLane,
  smallestLane,
} from '../lanes.ts';

/**
 * The lane of a proof or check: the smallest that takes it, or the one that was chosen.
 *
 * @throws NightshiftError CIRCUIT_TOO_LARGE; INVALID_REQUEST if the chosen lane is not there or does not take it.
 */
export function provingLane({
  operation,
  lane: chosen,
  ...size
}: CircuitSize & { operation: 'prove' | 'check'; lane?: LaneName }): ProvingLane {
  const { proving } = lanes();
  const smallest = operation === 'check' ? smallestLane(proving) : laneFor(size, proving);
  if (chosen === undefined) return smallest;
  const fitting = proving.slice(proving.indexOf(smallest));
  const lane = fitting.find(({ name }) => name === chosen);
  if (lane) return lane;
  const names = fitting.map(({ name }) => name).join(', ');
  throw new NightshiftError('INVALID_REQUEST', `Lane ${chosen} does not take the circuit. Those that do: ${names}.`);
}

/** @returns undefined if the deployment has no such lane (any more). */
export function laneNamed(name: LaneName): Lane | undefined {
  return lanesIn(lanes()).find((lane) => lane.name === name);
}

/** The lane that a job is in. */
export function laneOf({ lane: name }: { lane: LaneName }): Lane {
  const lane = laneNamed(name);
  if (!lane) throw new Error(`no lane ${name}`);
  return lane;
}
