import type { Logger } from '@aws-lambda-powertools/logger';
import { listTenants } from '../../core/access/tenant.ts';
import { readLaneShards } from '../../core/jobs/lane-counts.ts';
import { openJobsOf } from '../../core/jobs/open-jobs.ts';
import { forgetGone, InFlightCheck, repairLaneShard } from '../../core/jobs/repair.ts';
import { LANE_NAMES } from '../../core/lanes.ts';
import { mendAll, type Tally } from './mend-all.ts';
import { mendJob } from './mend-job.ts';

/** `repaired`: counts that were set right. */
export type SweptJobs = Tally & { repaired: number };

/**
 * Mends every open job, and counts that do not match the jobs that they count: also of lanes that are there no more.
 *
 * @param at the time, if it is not the current one.
 */
export async function sweepJobs(logger: Logger, at?: Date): Promise<SweptJobs> {
  const total = { left: 0, enqueued: 0, ended: 0, failed: 0, repaired: 0 };
  let hasUnreadable = false;
  const inFlight = await InFlightCheck.begin(await listTenants());
  for (const lane of LANE_NAMES) {
    for (const shard of await readLaneShards(lane)) {
      const { jobs, gone, unreadable } = await openJobsOf(lane, shard.shard);
      for (const [id, error] of unreadable) logger.error('its row can’t be read', { id, error });
      total.failed += unreadable.size;
      hasUnreadable ||= unreadable.size > 0;
      if (gone.length > 0) await forgetGone(lane, shard.shard, gone);
      else if (unreadable.size === 0 && (await repairLaneShard(lane, shard, jobs))) total.repaired++;
      inFlight.add(jobs);
      const tally = await mendAll(jobs, mendJob, logger, at);
      for (const outcome of ['left', 'enqueued', 'ended', 'failed'] as const) total[outcome] += tally[outcome];
    }
  }
  // Jobs that can't be read are their tenants', too.
  if (!hasUnreadable) total.repaired += await inFlight.repair();
  return total;
}
