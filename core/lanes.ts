/**
 * The lane table: a lane is a queue, a function size and a cap. A job's lane follows from its circuit's k and estimated
 * memory. The sizes stand between the cheapest and the fastest that `npm run tune` chooses (docs/performance.md).
 *
 * Memory decides the share of CPU on Lambda. The caps bound how many proofs of a size
 * run at once; what comes on top waits in the queue, up to `capacity` jobs, and is refused beyond that.
 */
import * as z from 'zod';
import { NightshiftError } from './errors.ts';
import { BYTES_PER_MB } from './limits.ts';

/** Those that a proof or its check can be in. */
export const PROVING_LANE_NAMES = ['small', 'medium', 'large', 'pool'] as const;

export type ProvingLaneName = (typeof PROVING_LANE_NAMES)[number];

export const LANE_NAMES = [...PROVING_LANE_NAMES, 'transaction', 'keys'] as const;
export type LaneName = (typeof LANE_NAMES)[number];

export interface Lane {
  readonly name: LaneName;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly diskMb: number;
  /** Cap on concurrent jobs (the event source's maxConcurrency; AWS allows 2 to 1,000). */
  readonly maxConcurrency: number;
  /** Jobs that may wait beyond those being worked at; 0: any number. */
  readonly capacity: number;
  /** What of the account's concurrency is kept for the lane's function and no other; not set, it shares. */
  readonly reservedConcurrency?: number;
}

/** A lane that proves and checks. */
export interface ProvingLane extends Lane {
  /** Largest k this lane takes. */
  readonly maxK: number;
}

const SMALL = { name: 'small', maxK: 11, memoryMb: 1769, timeoutSeconds: 60, diskMb: 512 } as const;
const MEDIUM = { name: 'medium', maxK: 15, memoryMb: 3538, timeoutSeconds: 120, diskMb: 1024 } as const;
const LARGE = { name: 'large', maxK: 19, memoryMb: 10240, timeoutSeconds: 600, diskMb: 4096 } as const;

const LANES_BY_SIZE: readonly ProvingLane[] = [
  { ...SMALL, maxConcurrency: 20, capacity: 190 },
  { ...MEDIUM, maxConcurrency: 20, capacity: 190 },
  { ...LARGE, maxConcurrency: 5, capacity: 50 },
];

/** Lambda gives one virtual core for so much memory. */
export const MB_PER_CORE = 1769;

/** What of a function's memory its handler takes beside the prover. */
export const HANDLER_MB = 200;

/** No lane takes a larger circuit. */
export const LARGEST_K = LARGE.maxK;

/** Transactions: their function does not prove, it waits for the jobs that do. Not counted at `/ready`. */
const TRANSACTIONS: Lane = {
  name: 'transaction',
  memoryMb: 1024,
  timeoutSeconds: 900,
  diskMb: 512,
  maxConcurrency: 20,
  capacity: 190,
};

/** Keys to be derived: key generation takes the memory of a proof and more, and is asked for once per circuit. */
const KEYS: Lane = {
  name: 'keys',
  memoryMb: 10240,
  timeoutSeconds: 900,
  diskMb: 10240,
  maxConcurrency: 10,
  capacity: 0,
};

/** What bounds a lane's burst, in the terms of `Lane`. */
export const capsSchema = z.object({ maxConcurrency: z.int().min(2).max(1000), capacity: z.int().min(0) });
export type Caps = z.infer<typeof capsSchema>;
export const CAPS = capsSchema.keyof().options;

/** How a deployment's lane differs from the table's. */
const laneChanges = z.strictObject({ ...capsSchema.partial().shape, reservedConcurrency: z.int().min(2).optional() });

/** The reference server's one worker pool, in its own terms: workers 2 to 1,000, capacity 0 for any. */
export const poolSchema = z.object({
  workers: capsSchema.shape.maxConcurrency,
  capacity: capsSchema.shape.capacity,
  timeoutSeconds: z.int().min(1).max(900),
});
export type Pool = z.infer<typeof poolSchema>;

/** How a deployment's lanes differ from the table. */
export const laneSettings = z
  .object({
    /** One lane stands for this pool, and takes every size. */
    pool: poolSchema.optional(),
    /** Lowers every cap that is not set for its lane, for a machine that has few cores. */
    maxConcurrency: z.int().min(2).optional(),
    /** What is different about single lanes, by their names. */
    lanes: z.partialRecord(z.enum(LANE_NAMES), laneChanges).optional(),
  })
  .superRefine(refuseUnworkable);
export type LaneSettings = z.infer<typeof laneSettings>;

export interface LaneTable {
  /** Smallest first. */
  proving: readonly ProvingLane[];
  transaction: Lane;
  keys: Lane;
}

export function laneTable({
  pool,
  maxConcurrency = Number.POSITIVE_INFINITY,
  lanes = {},
}: LaneSettings = {}): LaneTable {
  const changed = <L extends Lane>(given: L): L => ({
    ...given,
    maxConcurrency: Math.min(given.maxConcurrency, maxConcurrency),
    ...lanes[given.name],
  });
  const proving = pool ? [poolLane(pool)] : LANES_BY_SIZE;
  return { proving: proving.map(changed), transaction: changed(TRANSACTIONS), keys: changed(KEYS) };
}

/** Every lane of the table. */
export const lanesIn = ({ proving, transaction, keys }: LaneTable): Lane[] => [...proving, transaction, keys];

/** What would deploy, and then not work as it says. */
function refuseUnworkable(settings: LaneSettings, { addIssue }: z.RefinementCtx): void {
  const table = lanesIn(laneTable(settings));
  for (const name of Object.keys(settings.lanes ?? {})) {
    const refuse = (message: string) => addIssue({ code: 'custom', path: ['lanes', name], message });
    const lane = table.find((lane) => lane.name === name);
    if (!lane) {
      refuse(`There is no lane ${name} here, but ${table.map((lane) => lane.name).join(', ')}.`);
    } else if (name === KEYS.name && lane.capacity !== KEYS.capacity) {
      refuse('It takes no capacity: keys that a contract needs are never refused.');
    } else if (isBeyondReserve(lane, lane.maxConcurrency)) {
      refuse(
        `${lane.reservedConcurrency} functions are reserved, and maxConcurrency is ${lane.maxConcurrency}: messages beyond ` +
          'the reserve would be received in vain, and come to the dead letters. Reserve as many at least.',
      );
    }
  }
}

/** Whether a lane's event source would hand out more messages at once than its function may take. */
export const isBeyondReserve = (
  { reservedConcurrency }: Pick<Lane, 'reservedConcurrency'>,
  maxConcurrency: number,
): boolean => reservedConcurrency !== undefined && reservedConcurrency < maxConcurrency;

const poolLane = ({ workers, capacity, timeoutSeconds }: Pool): ProvingLane => ({
  ...LARGE,
  name: 'pool',
  maxConcurrency: workers,
  capacity,
  timeoutSeconds,
});

/** The lane of a circuit's check, whatever its size: it takes milliseconds. */
export const smallestLane = (lanes: readonly ProvingLane[]): ProvingLane => lanes[0] as ProvingLane;

/** How much there is to a circuit. */
export interface CircuitSize {
  k: number;
  /** Peak memory of the prover, as it estimates it. */
  provingBytes?: number;
}

/** @throws NightshiftError CIRCUIT_TOO_LARGE if no lane takes a circuit of this size. */
export function laneFor({ k, provingBytes = 0 }: CircuitSize, lanes: readonly ProvingLane[]): ProvingLane {
  const neededMb = Math.ceil(provingBytes / BYTES_PER_MB) + HANDLER_MB;
  const lane = lanes.find(({ maxK, memoryMb }) => k <= maxK && neededMb <= memoryMb);
  if (!lane) {
    const { maxK, memoryMb } = lanes.at(-1) as ProvingLane;
    const [has, takes] =
      k > maxK ? [`k=${k}`, `k up to ${maxK}`] : [`k=${k} and takes some ${neededMb} MB to prove`, `${memoryMb} MB`];
    throw new NightshiftError('CIRCUIT_TOO_LARGE', `The circuit has ${has}; the largest lane takes ${takes}.`);
  }
  return lane;
}
