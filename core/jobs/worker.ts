/** A Lambda behind a lane's queue: takes jobs, does their work, ends them. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { publicError } from '../errors.ts';
import { REDELIVERY_SECONDS } from '../limits.ts';
import { queueHandler } from '../queue-handler.ts';
import { hideFor, jobIdOf } from '../store/queues.ts';
import { attemptJob, type Work } from './attempt.ts';
import { AttemptRunningError, claimJob, releaseJob } from './claim.ts';
import { type Ending, endJob } from './end.ts';
import type { Job } from './job.ts';
import { HIDDEN_SECONDS } from './lease.ts';

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
      if (!ending) return logger.info('ended by others meanwhile', described(job));
      const ended = await endJob(job, ending);
      logger.info(ending.state, { ...described(job), ended, ...outcomeOf(ending) });
    } catch (error) {
      // Best effort: without it the message comes back once the lease has run out, of this attempt or of the one that runs.
      if (!(error instanceof AttemptRunningError)) {
        await Promise.allSettled([job && releaseJob(job, publicError(error)), hideFor(REDELIVERY_SECONDS, message)]);
      }
      throw error;
    }
  });

function described(job: Job) {
  const { operation, lane, attempts } = job;
  const size = operation === 'transaction' ? {} : { circuit: job.circuit, k: job.k };
  return { operation, lane, attempts, ...size };
}

function outcomeOf(ending: Ending) {
  if (ending.state !== 'succeeded') return { reason: ending.error };
  return 'timings' in ending ? { timings: ending.timings } : {};
}
