/** What changes together with a job's state: its lane's counts, its tenant's, and the list of open jobs. */
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { keyOf, type Write } from '../store/table.ts';
import { drainSeconds } from './drain.ts';
import type { Job } from './job.ts';
import { boundOf, countIn, countOut, readLane } from './lane-counts.ts';
import { anySeat, type Seat, seatIn } from './shards.ts';
import { countTenantIn, countTenantOut, type TenantSeats, tenantSeats } from './tenant-counts.ts';

/** Where and as of when a new job is counted. */
export interface Place extends Pick<Job, 'createdAt'> {
  seats: { lane: Seat } & TenantSeats;
}

type Asked = Pick<Job, 'lane' | 'tenant'> & Parameters<typeof drainSeconds>[0];

/**
 * Looks for a place, which may be taken by the time that it is used.
 *
 * @throws NightshiftError QUEUE_FULL, RATE_LIMITED
 */
export async function placeFor(job: Asked): Promise<Place> {
  const { caps, shards } = await readLane(job.lane);
  const createdAt = currentTime().toISOString();
  const bound = boundOf(caps);
  // It was admitted with its transaction.
  if ('parent' in job && job.parent) return { createdAt, seats: { lane: anySeat(bound) } };
  const retryAfterSeconds = drainSeconds(job, caps);
  const lane = seatIn(
    bound,
    shards.map(({ shard, open }) => ({ shard, count: open })),
  );
  if (!lane) {
    const message = `Lane ${job.lane} is full. Try again in ${retryAfterSeconds} s.`;
    throw new NightshiftError('QUEUE_FULL', message, { retryAfterSeconds });
  }
  return { createdAt, seats: { lane, ...(await tenantSeats(job.tenant, createdAt, retryAfterSeconds)) } };
}

export const shardsOf = ({ lane, tenant, day }: Place['seats']): Job['shards'] => ({
  lane: lane.shard,
  tenant: tenant?.shard,
  day: day?.shard,
});

/** A job comes in; the writes' conditions are that its seats are free. */
export const countAdmission = (job: Job, seats: Place['seats']): Write[] => [
  countIn(job, seats.lane),
  ...countTenantIn(job, seats),
  { Put: { TableName: tableName(), Item: { ...openKey(job), id: job.id } } },
];

/** A job ends. */
export const countEnd = (job: Job): Write[] => [
  countOut(job),
  ...countTenantOut(job),
  { Delete: { TableName: tableName(), Key: openKey(job) } },
];

const openKey = ({ lane, shards, id }: Job) => keyOf.open(lane, shards.lane, id);
