import { enqueueJob } from '../../core/jobs/admit.ts';
import { isOverdue, isRunning, pastDeadline } from '../../core/jobs/deadline.ts';
import { type Ending, endJob } from '../../core/jobs/end.ts';
import { withoutRecord } from '../../core/jobs/idempotency.ts';
import type { Job } from '../../core/jobs/job.ts';
import { laneNamed } from '../../core/jobs/lane-of.ts';
import {
  ENQUEUE_GRACE_SECONDS,
  MESSAGE_GRACE_SECONDS,
  QUEUE_RETENTION_HOURS,
  WORKER_GRACE_SECONDS,
} from '../../core/limits.ts';
import { objectOf, objectsUnder } from '../../core/store/objects.ts';
import { secondsSince } from './seconds-since.ts';

/**
 * Puts one open job right, if something is wrong with it: a job whose request broke off is enqueued if its witness
 * arrived and ended if not; one whose message seems lost is enqueued again; one that outlived its deadline, its message or
 * its lane is ended.
 */
export async function mendJob(job: Job, now: Date): Promise<'left' | 'enqueued' | 'ended'> {
  const ending = overdue(job, now);
  if (ending) return (await endJob(job, ending)) ? 'ended' : 'left';
  if (!isLost(job, now)) return 'left';
  if (job.state === 'proving' || (await objectsUnder(objectOf.witness(job.id))).length > 0) {
    await enqueueJob(job);
    return 'enqueued';
  }
  const what = job.enqueuedAt ? 'Its witness was lost' : 'The request broke off';
  const error = { code: 'INTERNAL' as const, message: `${what}. Please submit again.` };
  return (await endJob(job, { state: 'failed', error }, withoutRecord(job))) ? 'ended' : 'left';
}

/** Whether no message of it is on its way, as far as one can tell. */
function isLost(job: Job, now: Date): boolean {
  if (isRunning(job, now)) return false;
  if (job.attemptEndsAt) {
    const lastHeardOf = [job.attemptEndsAt, job.enqueuedAt ?? ''].sort().at(-1) as string;
    return secondsSince(lastHeardOf, now) > WORKER_GRACE_SECONDS;
  }
  return job.enqueuedAt
    ? secondsSince(job.enqueuedAt, now) > MESSAGE_GRACE_SECONDS
    : secondsSince(job.createdAt, now) > ENQUEUE_GRACE_SECONDS;
}

function overdue(job: Job, now: Date): Ending | undefined {
  const lane = laneNamed(job.lane);
  if (!lane) {
    const message = 'Its lane is there no more. Please submit again.';
    return { state: 'expired', error: { code: 'EXPIRED', message } };
  }
  if (isOverdue(job, now)) return pastDeadline(job);
  if (job.state === 'queued' && secondsSince(job.createdAt, now) > QUEUE_RETENTION_HOURS * 3600) {
    const message = `Not begun within ${QUEUE_RETENTION_HOURS} hours. Please submit again.`;
    return { state: 'expired', error: { code: 'EXPIRED', message } };
  }
  return undefined;
}
