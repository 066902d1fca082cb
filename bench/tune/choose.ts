/** Which lanes fit what was measured. */
import { HANDLER_MB, MB_PER_CORE } from '../../core/lanes.ts';
import { FREE_DISK_MB, invocationUsd } from '../../core/prices.ts';
import type { Measurement } from './measure.ts';

const LARGEST_MB = 10_240;
const STEP_MB = 256;
const LANES = 3;
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
 * The split of all sizes into three lanes, and the memory of each, by which a proof of every size comes closest to the
 * best that it could have: the cheapest memory, or the fastest.
 */
export function chooseLanes(measured: Measurement[], goal: Goal): ChosenLane[] {
  const unfit = measured.find((size) => memories([size]).length === 0);
  if (unfit)
    throw new Error(`k=${unfit.k} takes ${unfit.peakMb.proving} MB at its peak: no function has room for that.`);
  const best = new Map(
    measured.map((size) => [size.k, Math.min(...memories([size]).map((mb) => value(size, mb, goal)))]),
  );
  const lanes = splits(measured, Math.min(LANES, measured.length)).map((parts) =>
    parts.map((sizes) => bestLane(sizes, goal, best)),
  );
  const [chosen] = lanes.toSorted((a, b) => sum(a.map(({ regret }) => regret)) - sum(b.map(({ regret }) => regret)));
  return (chosen ?? []).map(({ sizes, memoryMb }) => laneOf(sizes, memoryMb));
}

/** Seconds of a proof at that memory: Amdahl's law through what one core and all of them were measured to take. */
export function secondsAt({ cores, seconds: { one, all } }: Measurement, memoryMb: number): number {
  const given = memoryMb / MB_PER_CORE;
  if (given <= 1 || cores === 1) return one / Math.min(given, 1);
  const serial = Math.min(Math.max((all / one - 1 / cores) / (1 - 1 / cores), 0), 1);
  return one * (serial + (1 - serial) / given);
}

function laneOf(sizes: Measurement[], memoryMb: number): ChosenLane {
  const largest = sizes.at(-1) as Measurement;
  const diskMb = Math.max(FREE_DISK_MB, roundUp(3 * largest.diskMb, FREE_DISK_MB));
  const cold = secondsAt(largest, memoryMb) * (largest.coldSeconds / largest.seconds.all);
  const proofs = sizes.map((size) => {
    const seconds = secondsAt(size, memoryMb);
    return { k: size.k, seconds, usd: invocationUsd({ memoryMb, diskMb }, seconds) };
  });
  return { maxK: largest.k, memoryMb, timeoutSeconds: roundUp(3 * cold, 30), diskMb, proofs };
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
