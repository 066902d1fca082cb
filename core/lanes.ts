/**
 * The lane table: a lane is a queue, a function size and a cap. A job's lane follows from its circuit's k.
 *
 * Memory decides the share of CPU on Lambda (1,769 MB is one virtual core). The caps bound how many proofs of a size
 * run at once; what comes on top waits in the queue, up to `capacity` jobs, and is refused beyond that.
 */
import { NightshiftError } from './errors.ts';

export interface Lane {
  readonly name: LaneName;
  /** Largest k this lane takes. */
  readonly maxK: number;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly diskMb: number;
  /** Cap on concurrent proofs (the event source's maxConcurrency; AWS allows 2 to 1,000). */
  readonly maxConcurrency: number;
  /** Pending jobs admitted before QUEUE_FULL. Below 200, so that one counter item per lane carries the writes. */
  readonly capacity: number;
}

export const LANE_NAMES = ['small', 'medium', 'large'] as const;
export type LaneName = (typeof LANE_NAMES)[number];

export const LANES: readonly Lane[] = [
  { name: 'small', maxK: 11, memoryMb: 1769, timeoutSeconds: 60, diskMb: 512, maxConcurrency: 20, capacity: 190 },
  { name: 'medium', maxK: 15, memoryMb: 3538, timeoutSeconds: 120, diskMb: 1024, maxConcurrency: 20, capacity: 190 },
  { name: 'large', maxK: 19, memoryMb: 10240, timeoutSeconds: 600, diskMb: 4096, maxConcurrency: 5, capacity: 50 },
];

/** No lane takes a larger circuit. */
export const LARGEST_K = Math.max(...LANES.map(({ maxK }) => maxK));

/** @throws NightshiftError CIRCUIT_TOO_LARGE if no lane takes a circuit of this size. */
export function laneFor(k: number): Lane {
  const lane = LANES.find(({ maxK }) => k <= maxK);
  if (!lane) {
    throw new NightshiftError(
      'CIRCUIT_TOO_LARGE',
      `The circuit has k=${k}; the largest lane takes k up to ${LARGEST_K}.`,
    );
  }
  return lane;
}

export function laneNamed(name: LaneName): Lane {
  const lane = LANES.find((candidate) => candidate.name === name);
  if (!lane) throw new Error(`no lane ${name}`);
  return lane;
}
