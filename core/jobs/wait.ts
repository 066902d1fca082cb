/** Waiting for a job's end. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Job, readJob } from './job.ts';
import { hasEnded } from './state.ts';

const SHORTEST_POLL_MS = 20;
/** The function that waits costs more than ten times what its reads do, so often; a client hears 0.1 s late on average. */
const LONGEST_POLL_MS = 200;
/** Polling at a tenth of the time waited so far adds at most a tenth to it. */
const POLL_SHARE = 0.1;

/** The pause before the next look at a job that has been waited for so long. */
export const pollPauseMs = (waitedMs: number): number =>
  Math.min(Math.max(waitedMs * POLL_SHARE, SHORTEST_POLL_MS), LONGEST_POLL_MS);

/**
 * The job once it has ended, or as it stands when `signal` aborts; undefined if the tenant has no such job.
 *
 * @param isEnough ends the waiting before.
 */
export async function waitForJob(
  tenant: string,
  id: string,
  signal: AbortSignal,
  isEnough: (job: Job) => boolean = () => false,
): Promise<Job | undefined> {
  const start = Date.now();
  for (;;) {
    const job = await readJob(tenant, id);
    if (!job || hasEnded(job) || isEnough(job) || signal.aborted) return job;
    // Cut short when the time is up: what the job has come to by then is looked at once more.
    await delay(pollPauseMs(Date.now() - start), undefined, { signal }).catch(() => undefined);
  }
}
