import { Logger } from '@aws-lambda-powertools/logger';
import { endJob } from '../../core/jobs/end.ts';
import { LOCAL_TENANT, readJob } from '../../core/jobs/job.ts';
import { hasEnded } from '../../core/jobs/state.ts';
import { endKeys, keysGivenUp } from '../../core/keys/build.ts';
import { readKeys } from '../../core/keys/keys.ts';
import { queueHandler } from '../../core/queue-handler.ts';
import { deleteObject, objectOf } from '../../core/store/objects.ts';
import { jobIdOf, keysNamedIn } from '../../core/store/queues.ts';

const logger = new Logger({ serviceName: 'settle' });

/** A message that no attempt could finish: its job or its keys end as failed, so that nobody waits for ever. */
export const handler = queueHandler(logger, async (message) => {
  const keysId = keysNamedIn(message);
  return keysId ? giveUpKeys(keysId) : giveUpJob(jobIdOf(message));
});

async function giveUpKeys(keysId: string): Promise<void> {
  logger.appendKeys({ keysId });
  const keys = await readKeys(keysId);
  if (keys?.state !== 'building') return logger.info('nothing left to do');
  await endKeys(keys, { state: 'failed', error: keysGivenUp });
  logger.warn('given up');
}

async function giveUpJob(jobId: string): Promise<void> {
  logger.appendKeys({ jobId });
  const job = await readJob(LOCAL_TENANT, jobId);
  if (!job || hasEnded(job)) {
    await deleteObject(objectOf.witness(jobId));
    return logger.info('nothing left to do');
  }
  const error = { code: 'INTERNAL' as const, message: `Given up after ${job.attempts} attempts. Please submit again.` };
  const ended = await endJob(job, { state: 'failed', error });
  if (!ended) throw new Error('the job changed meanwhile; look at it again');
  logger.warn('given up', { attempts: job.attempts });
}
