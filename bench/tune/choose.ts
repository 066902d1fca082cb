/** Which lanes fit what was measured. */
import { HANDLER_MB, MB_PER_CORE } from '../../core/lanes.ts';
import { FREE_DISK_MB, invocationUsd } from '../../core/prices.ts';
import { coldSecondsAt, secondsAt } from '../../core/proving-times.ts';
import type { Measurement } from './measure.ts';

const LARGEST_MB = 10_240;
const STEP_MB = 256;
const LANES = 3;
/** How much closer to the best a further lane has to bring all sizes together. */
const WORTH_A_LANE = 0.01;
/** Memory in reserve above the largest peak that was seen. */
const HEADROOM = 1.25;

export type Goal = 'cost' | 'latency';

export interface ChosenLane {
  maxK: number;
  memoryMb: number;
  /** Three times the longest cold proof. */
  timeoutSeconds: number;
  diskMb: number;
  proofs: { k: number; seconds: number; usd: number }[];
}

/**
 * The split of all sizes into at most three lanes, and the memory of each, by which a proof of every size comes closest to
 * the best that it could have: the cheapest memory, or the fastest.
 */
export function chooseLanes(measured: Measurement[], goal: Goal): ChosenLane[] {
  const unfit = measured.find((size) => memories([size]).length === 0);
  if (unfit)
    throw new Error(`k=${unfit.k} takes ${unfit.peakMb.proving} MB at its peak: no function has room for that.`);
  const best = new Map(
    measured.map((size) => [size.k, Math.min(...memories([size]).map((mb) => value(size, mb, goal)))]),
  );
  const options = Array.from({ length: Math.min(LANES, measured.length) }, (_, fewer) => {
    const lanes = splits(measured, fewer + 1).map((parts) => parts.map((sizes) => bestLane(sizes, goal, best)));
    return lanes.reduce((a, b) => (regretOf(b) < regretOf(a) ? b : a));
  });
  const chosen = options.reduce((fewer, more) =>
    regretOf(more) < regretOf(fewer) * (1 - WORTH_A_LANE) ? more : fewer,
  );
  return chosen.map(({ sizes, memoryMb }) => laneOf(sizes, memoryMb));
}

const regretOf = (lanes: { regret: number }[]): number => sum(lanes.map(({ regret }) => regret));

function laneOf(sizes: Measurement[], memoryMb: number): ChosenLane {
  const largest = sizes.at(-1) as Measurement;
  const diskMb = Math.max(FREE_DISK_MB, roundUp(3 * largest.diskMb, FREE_DISK_MB));
  const proofs = sizes.map((size) => {
    const seconds = secondsAt(size, memoryMb);
    return { k: size.k, seconds, usd: invocationUsd({ memoryMb, diskMb }, seconds) };
  });
  return {
    maxK: largest.k,
    memoryMb,
    timeoutSeconds: roundUp(3 * coldSecondsAt(largest, memoryMb), 30),
    diskMb,
    proofs,
  };
}

function bestLane(sizes: Measurement[], goal: Goal, best: Map<number, number>) {
  const candidates = memories(sizes).map((memoryMb) => ({
    sizes,
    memoryMb,
    regret: sum(sizes.map((size) => value(size, memoryMb, goal) / (best.get(size.k) as number))),
  }));
  return candidates.reduce((a, b) => (b.regret < a.regret ? b : a));
}

/** Every step of memory that holds proofs of all these sizes. */
function memories(sizes: Measurement[]): number[] {
  const least = Math.max(...sizes.map(({ peakMb }) => peakMb.proving * HEADROOM + HANDLER_MB));
  const steps = Array.from({ length: LARGEST_MB / STEP_MB }, (_, step) => (step + 1) * STEP_MB);
  return [...steps, MB_PER_CORE, 2 * MB_PER_CORE].filter((mb) => mb >= least).toSorted((a, b) => a - b);
}

const value = (size: Measurement, memoryMb: number, goal: Goal): number =>
  goal === 'latency'
    ? secondsAt(size, memoryMb)
    : invocationUsd({ memoryMb, diskMb: FREE_DISK_MB }, secondsAt(size, memoryMb));

/** All ways to cut the sizes into so many parts in a row. */
function splits<T>(sizes: T[], parts: number): T[][][] {
  if (parts <= 1) return [[sizes]];
  const cuts = Array.from({ length: Math.max(sizes.length - parts + 1, 0) }, (_, index) => index + 1);
  return cuts.flatMap((cut) => splits(sizes.slice(cut), parts - 1).map((rest) => [sizes.slice(0, cut), ...rest]));
}

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
