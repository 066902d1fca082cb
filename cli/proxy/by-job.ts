/** Proofs and checks by way of the jobs API, where no time-out of a gateway ends the wait. */
import { warningHeader } from '../../core/contracts/development.ts';
import { cancelAbandoned } from '../cancelling.ts';
import { clientOf, type Deployment } from '../deployment.ts';
import { failure, type Reply } from './reply.ts';
import { type Submission, submitUnlessFull } from './submit.ts';

export interface Asked extends Submission {
  /** Is told the job's id as soon as there is one. */
  onJob: (id: string) => void;
}

/**
 * Waits for the job's end. If nobody waits with it any more, the job is cancelled.
 *
 * @throws NightshiftError of the client; the reason of `hangUp` if that aborts.
 */
export async function answerByJob(deployment: Deployment, { onJob, ...submission }: Asked): Promise<Reply> {
  const { hangUp } = submission;
  const nightshift = clientOf(deployment);
  const submitted = await submitUnlessFull(deployment, submission);
  onJob(submitted.id);
  try {
    const job = await nightshift.wait(submitted, { signal: hangUp });
    const headers = { 'x-job-id': job.id, ...warningHeader(job) };
    if (job.error) return failure(job.error, headers);
    const result = await nightshift.result(job, { signal: hangUp });
    return { status: 200, headers: { 'content-type': 'application/octet-stream', ...headers }, body: result };
  } catch (error) {
    if (hangUp.aborted) await cancelAbandoned(nightshift, submitted.id).catch(() => undefined);
    throw error;
  }
}
