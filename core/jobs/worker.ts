/** A Lambda behind a lane's queue: takes jobs, does their work, ends them. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { publicError } from '../errors.ts';
import { REDELIVERY_SECONDS } from '../limits.ts';
import { queueHandler } from '../queue-handler.ts';
import { deleteObject, objectOf } from '../store/objects.ts';
import { hideFor, jobIdOf } from '../store/queues.ts';
import { attemptJob, type Work } from './attempt.ts';
import { AttemptRunningError, claimJob, releaseJob } from './claim.ts';
import { type Ending, endJob } from './end.ts';
import { type Job, readAnyJob } from './job.ts';
import { HIDDEN_SECONDS } from './lease.ts';
import { hasEnded } from './state.ts';

export const worker = (logger: Logger, work: Work) =>
  queueHandler(logger, async (message, context) => {
    let job: Job | undefined;
    const hideMessage = () => hideFor(HIDDEN_SECONDS, message);
    try {
      const jobId = jobIdOf(message);
      logger.appendKeys({ jobId });
      // First: whoever dies with a job, its message comes back soon. If it can't be done, it does so later.
      await hideMessage().catch(() => undefined);
      job = await claimJob(jobId, message.messageId);
      if (!job) return logger.info('nothing left to do');
      logger.debug('begun', described(job));
      const ending = await attemptJob(job, work, hideMessage, context.getRemainingTimeInMillis(), logger);
      const ended = ending !== undefined && (await endJob(job, ending));
      if (!ended) await giveAway(jobId, message.messageId);
      logger.info(ended ? ending.state : 'ended or taken over by others', { ...described(job), ...outcomeOf(ending) });
    } catch (error) {
      // Best effort: without it the message comes back once the lease has run out, of this attempt or of the one that runs.
      if (!(error instanceof AttemptRunningError)) {
        await Promise.allSettled([job && releaseJob(job, publicError(error)), hideFor(REDELIVERY_SECONDS, message)]);
      }
      throw error;
    }
  });

/**
 * The job is another attempt's.
 *
 * @throws AttemptRunningError if that one came by the same message: it lives by it, so it is not to be deleted.
 */
async function giveAway(jobId: string, message: string): Promise<void> {
  const job = await readAnyJob(jobId);
  if (!job || hasEnded(job)) return deleteObject(objectOf.witness(jobId));
  if (job.message === message) throw new AttemptRunningError(jobId);
}

function described(job: Job) {
  const { operation, lane, attempts } = job;
  const size = operation === 'transaction' ? {} : { circuit: job.circuit, k: job.k };
  return { operation, lane, attempts, ...size };
}

function outcomeOf(ending: Ending | undefined) {
  if (!ending) return {};
  if (ending.state !== 'succeeded') return { reason: ending.error };
  return 'timings' in ending ? { timings: ending.timings } : {};
}
