/** A tenant that submits a few jobs to a lane in which another has many waiting. */
import { laneTable, type ProvingLane } from '../../core/lanes.ts';
import { expectedSeconds } from '../../core/proving-times.ts';
import { median } from '../figures.ts';
import { FairQueue } from './fair-queue.ts';
import { type Message, type Queue, StandardQueue } from './queue.ts';
import { type Outcome, type Sight, simulate } from './simulate.ts';
import { FixedPool } from './workers.ts';

const MANY = 500;
const FEW = 5;
/** When the few come: in the middle of a round of proofs. */
const AT_PROOFS = 3.5;

export interface Shape {
  maxConcurrency: number;
  proofSeconds: number;
  /** Jobs that the one sends at once. */
  many: number;
  /** Jobs that the other sends, and when. */
  few: number;
  at: number;
}

/** 500 jobs wait besides those being proved, 5 come. */
export function shapeOf({ maxConcurrency, maxK, memoryMb }: Omit<ProvingLane, 'capacity'>): Shape {
  const proofSeconds = expectedSeconds({ k: maxK }, memoryMb).warm;
  const begun = maxConcurrency * Math.ceil(AT_PROOFS);
  return { maxConcurrency, proofSeconds, many: MANY + begun, few: FEW, at: AT_PROOFS * proofSeconds };
}

/** How long the few jobs wait, in proof times, in the order in which they begin. */
export function waitsOfFew(
  queue: Queue,
  { maxConcurrency, proofSeconds, many, few, at }: Shape,
  onEvent?: (sight: Sight) => void,
): { waits: number[]; outcome: Outcome } {
  const from = (tenant: string, arrivedAt: number, count: number): Message[] =>
    Array.from({ length: count }, () => ({ tenant, arrivedAt }));
  const waits: number[] = [];
  const outcome = simulate(
    [...from('many', 0, many), ...from('few', at, few)],
    { queue, workers: new FixedPool(maxConcurrency, () => proofSeconds), capacity: 0 },
    {
      onEvent,
      onBegin: ({ tenant }, wait) => {
        if (tenant === 'few') waits.push(wait / proofSeconds);
      },
    },
  );
  return { waits, outcome };
}

/** For each lane as it is shipped. */
export const fairnessByLane = () =>
  laneTable().proving.map((lane) => ({
    lane,
    fair: median(waitsOfFew(new FairQueue(), shapeOf(lane)).waits),
    standard: median(waitsOfFew(new StandardQueue(), shapeOf(lane)).waits),
  }));
