import pLimit from 'p-limit';
import { currentTime } from '../../core/clock.ts';
import { readAnyJobs } from '../../core/jobs/job.ts';
import { hasEnded } from '../../core/jobs/state.ts';
import { WITNESS_GRACE_SECONDS } from '../../core/limits.ts';
import { deleteObject, objectOf, objectsBefore, WITNESS_PREFIX } from '../../core/store/objects.ts';

const AT_ONCE = 8;

/**
 * Deletes witnesses whose jobs have ended, or are none: one that arrived after the end, or whose deletion failed.
 *
 * @returns how many.
 */
export async function forgetWitnesses(now = currentTime()): Promise<number> {
  let forgotten = 0;
  const before = new Date(now.getTime() - WITNESS_GRACE_SECONDS * 1000);
  for await (const objects of objectsBefore(WITNESS_PREFIX, before)) {
    const ids = objects.map((object) => object.slice(WITNESS_PREFIX.length));
    const open = await openOf(ids);
    const over = ids.filter((id) => !open.has(id));
    await pLimit(AT_ONCE).map(over, (id) => deleteObject(objectOf.witness(id)));
    forgotten += over.length;
  }
  return forgotten;
}

/** Those of jobs that have not ended; a job that can't be read may be one. */
async function openOf(ids: string[]): Promise<Set<string>> {
  const unreadable: string[] = [];
  const jobs = await readAnyJobs(ids, (id) => unreadable.push(id));
  return new Set([...jobs.filter((job) => !hasEnded(job)).map(({ id }) => id), ...unreadable]);
}
