/** Waiting on behalf of whoever asks for a job: when its deadline passes meanwhile, it ends then. */
import { isOverdue, pastDeadline } from './deadline.ts';
import { endJob } from './end.ts';
import { type Job, readJob } from './job.ts';
import { waitForJob } from './wait.ts';

/** As `waitForJob`. */
export async function followJob(
  tenant: string,
  id: string,
  signal: AbortSignal,
  isEnough: (job: Job) => boolean = () => false,
): Promise<Job | undefined> {
  const job = await waitForJob(tenant, id, signal, (found) => isEnough(found) || isOverdue(found));
  if (!job || !isOverdue(job)) return job;
  await endJob(job, pastDeadline(job));
  return readJob(tenant, id);
}
