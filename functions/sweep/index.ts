import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { openJobs } from '../../core/jobs/open-jobs.ts';
import { openKeys } from '../../core/keys/open-keys.ts';
import { mendJob } from './mend-job.ts';
import { mendKeys } from './mend-keys.ts';

const logger = new Logger({ serviceName: 'sweep' });

type Outcome = 'left' | 'enqueued' | 'ended';

/** Scheduled: looks at every open job and at all keys being derived, and does what a crash left undone. */
export const handler = middy()
  .use(injectLambdaContext(logger))
  .handler(async () => {
    const jobs = await mendAll(openJobs(), mendJob);
    const keys = await mendAll(openKeys(), mendKeys);
    logger.info('swept', { ...jobs, keys });
    return { ...jobs, keys };
  });

async function mendAll<T extends { id: string }>(
  open: AsyncIterable<T>,
  mend: (item: T, now: Date) => Promise<Outcome>,
) {
  const done = { left: 0, enqueued: 0, ended: 0, failed: 0 };
  for await (const item of open) {
    const outcome = await mend(item, new Date()).catch((error: Error) => {
      logger.error('left for the next time', { id: item.id, error });
      return 'failed' as const;
    });
    done[outcome]++;
  }
  return done;
}
