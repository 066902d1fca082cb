/** What changes together with a job's state: its lane's counts, its tenant's, and the list of open jobs. */
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import type { Caps } from '../lanes.ts';
import { keyOf, type Write } from '../store/table.ts';
import { drainSeconds } from './drain.ts';
import type { Job } from './job.ts';
import { boundOf, countIn, countOut, readLane } from './lane-counts.ts';
import { anyShard, shardWithRoom } from './shards.ts';
import { countTenantIn, countTenantOut, tenantShards } from './tenant-counts.ts';

/** Where and as of when a new job is counted, and the caps that it is admitted under, if any hold for it. */
export interface Place extends Pick<Job, 'shards' | 'createdAt'> {
  caps?: Caps;
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
  if ('parent' in job && job.parent) return { createdAt, shards: { lane: anyShard(bound) } };
  const retryAfterSeconds = drainSeconds(job, caps);
  const lane = shardWithRoom(
    bound,
    shards.map(({ shard, open }) => ({ shard, count: open })),
  );
  if (lane === undefined) {
    const message = `Lane ${job.lane} is full. Try again in ${retryAfterSeconds} s.`;
    throw new NightshiftError('QUEUE_FULL', message, { retryAfterSeconds });
  }
  const tenant = await tenantShards(job.tenant, createdAt, retryAfterSeconds);
  return { createdAt, shards: { lane, ...tenant }, caps };
}

/** A job comes in; the writes' conditions are that there is room. */
export const countAdmission = (job: Job, caps?: Caps): Write[] => [
  countIn(job, caps),
  ...countTenantIn(job),
  { Put: { TableName: tableName(), Item: { ...openKey(job), id: job.id } } },
];

/** A job ends. */
export const countEnd = (job: Job): Write[] => [
  countOut(job),
  ...countTenantOut(job),
  { Delete: { TableName: tableName(), Key: openKey(job) } },
];

const openKey = ({ lane, shards, id }: Job) => keyOf.open(lane, shards.lane, id);
