/** Waiting for a job's end. */
import { hasEnded, type Job, readJob } from './job.ts';

const SHORTEST_POLL_MS = 20;
const LONGEST_POLL_MS = 500;
/** Polling at a tenth of the time waited so far adds at most a tenth to it. */
const POLL_SHARE = 0.1;

/** The job once it has ended, or as it stands when the time is up; undefined if the tenant has no such job. */
export async function waitForJob(tenant: string, id: string, seconds: number): Promise<Job | undefined> {
  const start = Date.now();
  for (;;) {
    const job = await readJob(tenant, id);
    const waited = Date.now() - start;
    const left = seconds * 1000 - waited;
    if (!job || hasEnded(job) || left <= 0) return job;
    const poll = Math.min(Math.max(waited * POLL_SHARE, SHORTEST_POLL_MS), LONGEST_POLL_MS, left);
    await new Promise((resolve) => setTimeout(resolve, poll));
  }
}
