/** The counts that change together with a job's state: open and proving per lane, jobs in flight per tenant. */
import { z } from 'zod';
import { lanes, tableName } from '../config.ts';
import type { Lane, LaneName } from '../lanes.ts';
import { keyOf, rowAt, rowsOf, type Write } from '../store/table.ts';
import type { Job } from './job.ts';
import { laneOf } from './lane-of.ts';
import type { JobState } from './state.ts';

type Counted = Pick<Job, 'lane' | 'tenant'>;
type Counts = Partial<Record<'open' | 'proving', 1 | -1>>;

/** A job comes in. The lane's write comes first; unless `always`, its condition is that the lane has room. */
export function countAdmission(job: Counted, { always }: { always: boolean }): Write[] {
  const { capacity, maxConcurrency } = laneOf(job);
  const most = always || capacity === 0 ? undefined : capacity + maxConcurrency;
  return [countInLane(job, { open: 1 }, most), countInFlight(job, 1)];
}

/** A queued job is taken up. */
export const countStart = (job: Counted): Write[] => [countInLane(job, { proving: 1 })];

/** A job ends. */
export const countEnd = (job: Counted, from: JobState): Write[] => [
  countInLane(job, { open: -1, ...(from === 'proving' && { proving: -1 }) }),
  countInFlight(job, -1),
];

/** @param most the lane's count of open jobs has to be below it. */
function countInLane(job: Counted, changes: Counts, most?: number): Write {
  const entries = Object.entries(changes);
  return {
    Update: {
      TableName: tableName(),
      Key: keyOf.lane(job.lane),
      UpdateExpression: `ADD ${entries.map(([count]) => `#${count} :${count}`).join(', ')}`,
      ...(most && { ConditionExpression: 'attribute_not_exists(#open) OR #open < :most' }),
      ExpressionAttributeNames: Object.fromEntries(entries.map(([count]) => [`#${count}`, count])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(entries.map(([count, change]) => [`:${count}`, change])),
        ...(most && { ':most': most }),
      },
    },
  };
}

const countInFlight = (job: Counted, change: 1 | -1): Write => ({
  Update: {
    TableName: tableName(),
    Key: keyOf.tenant(job.tenant),
    UpdateExpression: 'ADD inFlight :change',
    ExpressionAttributeValues: { ':change': change },
  },
});

const laneCounts = z.object({ open: z.int().default(0), proving: z.int().default(0) });

/** The jobs of one lane: `open` are all that have not ended. */
export async function readLane(lane: LaneName): Promise<z.infer<typeof laneCounts>> {
  return laneCounts.parse((await rowAt(keyOf.lane(lane))) ?? {});
}

export interface Occupancy {
  pending: number;
  proving: number;
  /** How many pending jobs all lanes take together; 0: any number. */
  capacity: number;
  full: boolean;
}

/** The jobs of all proving lanes. */
export async function readOccupancy(): Promise<Occupancy> {
  const all = lanes().proving;
  const counts = z.array(laneCounts).parse(await rowsOf(all.map(({ name }) => keyOf.lane(name))));
  const open = sum(counts.map((lane) => lane.open));
  const proving = sum(counts.map((lane) => lane.proving));
  const capacity = all.every((lane) => lane.capacity > 0) ? sum(all.map((lane) => lane.capacity)) : 0;
  const full = capacity > 0 && open >= capacity + sum(all.map((lane: Lane) => lane.maxConcurrency));
  return { pending: open - proving, proving, capacity, full };
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
