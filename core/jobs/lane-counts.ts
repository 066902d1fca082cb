/** How many jobs a lane has, and how many it may have: written together with the jobs' states. */
import { z } from 'zod';
import { capsInForce, changedCaps } from '../caps.ts';
import { lanes, tableName } from '../config.ts';
import type { Caps, LaneName } from '../lanes.ts';
import { keyOf } from '../store/row-keys.ts';
import { rowsIn, type Write } from '../store/table.ts';
import type { Job } from './job.ts';
import { laneOf } from './lane-of.ts';
import type { Bound, Seat } from './shards.ts';

/** `open` are the jobs that have not ended. */
const counts = { open: z.int().default(0), proving: z.int().default(0) };
const shardRow = z.object({ ...counts, changes: z.int().default(0) });

/** One item of a lane's counts; `changes` tells whether anything happened between two looks. */
export type LaneShard = z.infer<typeof shardRow> & { shard: number };

const SHARD = /^SHARD#(?<shard>\d+)$/;

/** The items that a lane's counts are spread over, as far as they have ever been written to. */
export async function readLaneShards(name: LaneName): Promise<LaneShard[]> {
  return shardsIn(await rowsIn(keyOf.caps(name).PK));
}

export interface LaneOccupancy {
  caps: Caps;
  open: number;
  proving: number;
  shards: LaneShard[];
}

/** A lane as it stands now. @param deployed its caps, unless they are to be had from this function's environment. */
export async function readLane(name: LaneName, deployed: Caps = laneOf({ lane: name })): Promise<LaneOccupancy> {
  const rows = await rowsIn(keyOf.caps(name).PK);
  const shards = shardsIn(rows);
  const changed = rows.find(({ SK }) => SK === keyOf.caps(name).SK);
  return {
    caps: capsInForce(deployed, changed && changedCaps.parse(changed)),
    open: sum(shards.map(({ open }) => open)),
    proving: sum(shards.map(({ proving }) => proving)),
    shards,
  };
}

/** What bounds a lane's open jobs: those being worked at, and the capacity for those that wait. */
export const boundOf = ({ capacity, maxConcurrency }: Caps): Bound => ({ capacity, most: capacity + maxConcurrency });

export interface Occupancy {
  pending: number;
  proving: number;
  /** How many pending jobs all lanes take together; 0: any number. */
  capacity: number;
  full: boolean;
  lanes: Partial<Record<LaneName, Caps & { pending: number; proving: number }>>;
}

/** The jobs of all proving lanes. */
export async function readOccupancy(): Promise<Occupancy> {
  const all = await Promise.all(
    lanes().proving.map(async ({ name }) => {
      const { caps, open, proving } = await readLane(name);
      return { name, ...caps, pending: open - proving, proving };
    }),
  );
  const pending = sum(all.map((lane) => lane.pending));
  const proving = sum(all.map((lane) => lane.proving));
  const capacity = all.every((lane) => lane.capacity > 0) ? sum(all.map((lane) => lane.capacity)) : 0;
  const most = capacity + sum(all.map((lane) => lane.maxConcurrency));
  return {
    pending,
    proving,
    capacity,
    full: capacity > 0 && pending + proving >= most,
    lanes: Object.fromEntries(all.map(({ name, ...lane }) => [name, lane])),
  };
}

type InLane = Pick<Job, 'lane' | 'shards'>;

/** A job comes in, if its seat is free. */
export const countIn = (job: InLane, { below }: Seat): Write => changing(job, { open: 1 }, below);

/** A queued job is taken up. */
export const countStart = (job: InLane): Write => changing(job, { proving: 1 });

/** A job ends. */
export const countOut = (job: InLane & Pick<Job, 'state'>): Write =>
  changing(job, { open: -1, ...(job.state === 'proving' && { proving: -1 }) });

/** @param below what the item's count of open jobs has to be below. */
function changing({ lane, shards }: InLane, changes: { open?: 1 | -1; proving?: 1 | -1 }, below?: number): Write {
  const entries = Object.entries({ ...changes, changes: 1 });
  return {
    Update: {
      TableName: tableName(),
      Key: keyOf.laneCount(lane, shards.lane),
      UpdateExpression: `ADD ${entries.map(([count]) => `#${count} :${count}`).join(', ')}`,
      ...(below !== undefined && { ConditionExpression: 'attribute_not_exists(#open) OR #open < :below' }),
      ExpressionAttributeNames: Object.fromEntries(entries.map(([count]) => [`#${count}`, count])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(entries.map(([count, change]) => [`:${count}`, change])),
        ...(below !== undefined && { ':below': below }),
      },
    },
  };
}

const shardsIn = (rows: Record<string, unknown>[]): LaneShard[] =>
  rows.flatMap((row) => {
    const shard = SHARD.exec(String(row.SK))?.groups?.shard;
    return shard === undefined ? [] : [{ ...shardRow.parse(row), shard: Number(shard) }];
  });

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
