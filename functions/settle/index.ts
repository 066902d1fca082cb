import { Logger } from '@aws-lambda-powertools/logger';
import { isRunning } from '../../core/jobs/deadline.ts';
import { endJob } from '../../core/jobs/end.ts';
import { givenUp } from '../../core/jobs/given-up.ts';
import { readAnyJob } from '../../core/jobs/job.ts';
import { hasEnded } from '../../core/jobs/state.ts';
import { endKeys, isHeld, keysGivenUp } from '../../core/keys/build.ts';
import { readKeys } from '../../core/keys/keys.ts';
import { releaseWaiting } from '../../core/keys/waiting.ts';
import { countMetric } from '../../core/metrics.ts';
import { queueHandler } from '../../core/queue-handler.ts';
import { deleteObject, objectOf } from '../../core/store/objects.ts';
import { jobIdOf, keysNamedIn } from '../../core/store/queues.ts';

const logger = new Logger({ serviceName: 'settle' });

/**
 * A message that no attempt could finish: its job or its keys end as failed, so that nobody waits for ever. One that is none
 * of ours stays in the queue for the operator, and is counted each time that it comes.
 */
export const handler = queueHandler(logger, async (message) => {
  countMetric('DeadLetters');
  const keysId = keysNamedIn(message);
  return keysId ? giveUpKeys(keysId) : giveUpJob(jobIdOf(message));
});

async function giveUpKeys(keysId: string): Promise<void> {
  logger.appendKeys({ keysId });
  const keys = await readKeys(keysId);
  // Whoever ended it may have died before it let go of the jobs that wait.
  if (keys?.state !== 'building') return releaseWaiting(keysId);
  if (isHeld(keys)) throw new Error('someone is at the keys; look at them again');
  await endKeys(keys, { state: 'failed', error: keysGivenUp });
  logger.warn('given up');
}

async function giveUpJob(jobId: string): Promise<void> {
  logger.appendKeys({ jobId });
  const job = await readAnyJob(jobId);
  if (!job || hasEnded(job)) {
    await deleteObject(objectOf.witness(jobId));
    return logger.info('nothing left to do');
  }
  if (isRunning(job)) throw new Error('an attempt is at the job; look at it again');
  const ended = await endJob(job, givenUp(job));
  if (!ended) throw new Error('the job changed meanwhile; look at it again');
  logger.warn('given up', { attempts: job.attempts });
}
