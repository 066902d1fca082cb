/** Jobs that have not ended, for sweep. */
import { z } from 'zod';
import type { LaneName } from '../lanes.ts';
import { keyOf } from '../store/row-keys.ts';
import { rowsIn } from '../store/table.ts';
import { type Job, readAnyJobs } from './job.ts';

const listed = z.object({ id: z.uuid() });

export interface OpenJobs {
  /** As they stand now. */
  jobs: Job[];
  /** Listed, but without a row. */
  gone: string[];
  /** With a row that this version can't read: of a newer one, maybe. Why not, by their ids. */
  unreadable: Map<string, Error>;
}

/** Those that are counted in one item of a lane's counts. */
export async function openJobsOf(lane: LaneName, shard: number): Promise<OpenJobs> {
  const ids = z
    .array(listed)
    .parse(await rowsIn(keyOf.open(lane, shard, '').PK))
    .map(({ id }) => id);
  const unreadable = new Map<string, Error>();
  const jobs = await readAnyJobs(ids, (id, error) => unreadable.set(id, error));
  const found = new Set([...jobs.map(({ id }) => id), ...unreadable.keys()]);
  return { jobs, gone: ids.filter((id) => !found.has(id)), unreadable };
}
