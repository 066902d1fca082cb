/** What changes together with a job's state: its lane's counts, its tenant's and API key's, and the list of open jobs. */
import type { KeyLimits } from '../access/key-limits.ts';
import { limitsOf } from '../access/tenant.ts';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { keyOf } from '../store/row-keys.ts';
import type { Write } from '../store/table.ts';
import { drainSeconds } from './drain.ts';
import type { Job } from './job.ts';
import { boundOf, countIn, countOut, readLane } from './lane-counts.ts';
import { countSubmission, keyRate, type RateSeat, rateSeats, tenantRate } from './rates.ts';
import { anySeat, type Seat, seatIn } from './shards.ts';
import { countTenantIn, countTenantOut, inFlightSeat } from './tenant-counts.ts';

/** Where and as of when a new job is counted. */
export interface Place extends Pick<Job, 'createdAt'> {
  seats: {
    lane: Seat;
    /** Among the tenant's jobs in flight. */
    tenant?: Seat;
    /** Only where limits count them. */
    rates: RateSeat[];
  };
}

type Asked = Pick<Job, 'lane' | 'tenant' | 'apiKey'> & { keyLimits?: KeyLimits } & Parameters<typeof drainSeconds>[0];

/**
 * Looks for a place, which may be taken by the time that it is used.
 *
 * @throws NightshiftError QUEUE_FULL, RATE_LIMITED
 */
export async function placeFor(job: Asked): Promise<Place> {
  const { tenant, apiKey, keyLimits } = job;
  // It was admitted with its transaction.
  if ('parent' in job && job.parent) {
    const { caps } = await readLane(job.lane);
    return { createdAt: currentTime().toISOString(), seats: { lane: anySeat(boundOf(caps)), rates: [] } };
  }
  const [{ caps, shards }, tenantLimits] = await Promise.all([readLane(job.lane), limitsOf(tenant)]);
  const createdAt = currentTime().toISOString();
  const retryAfterSeconds = drainSeconds(job, caps);
  const lane = seatIn(
    boundOf(caps),
    shards.map(({ shard, open }) => ({ shard, count: open })),
  );
  if (!lane) {
    const message = `Lane ${job.lane} is full. Try again in ${retryAfterSeconds} s.`;
    throw new NightshiftError('QUEUE_FULL', message, { retryAfterSeconds });
  }
  const rates = [tenantRate(tenant, tenantLimits.perDay, createdAt)];
  if (apiKey && keyLimits) {
    const key = { id: apiKey, limits: keyLimits };
    rates.push(keyRate(tenant, key, 'perMinute', createdAt), keyRate(tenant, key, 'perDay', createdAt));
  }
  const found = [inFlightSeat(tenant, tenantLimits.inFlight, retryAfterSeconds), rateSeats(rates, createdAt)] as const;
  // If both refuse, the first is heard, whichever was quicker.
  await Promise.allSettled(found);
  const [inFlight, counted] = await Promise.all(found);
  return { createdAt, seats: { lane, tenant: inFlight, rates: counted } };
}

export const shardsOf = ({ lane, tenant }: Place['seats']): Job['shards'] => ({
  lane: lane.shard,
  tenant: tenant?.shard,
});

/** A job comes in; the writes' conditions are that its seats are free. */
export const countAdmission = (job: Job, seats: Place['seats']): Write[] => [
  countIn(job, seats.lane),
  ...(seats.tenant ? [countTenantIn(job, seats.tenant)] : []),
  ...countSubmission(seats.rates),
  { Put: { TableName: tableName(), Item: { ...openKey(job), id: job.id } } },
];

/** A job ends. */
export const countEnd = (job: Job): Write[] => [
  countOut(job),
  ...countTenantOut(job),
  { Delete: { TableName: tableName(), Key: openKey(job) } },
];

const openKey = ({ lane, shards, id }: Job) => keyOf.open(lane, shards.lane, id);
