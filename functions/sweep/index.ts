import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { openJobs } from '../../core/jobs/open-jobs.ts';
import { mendJob } from './mend.ts';

const logger = new Logger({ serviceName: 'sweep' });

/** Scheduled: looks at every open job and does what a crash left undone. */
export const handler = middy()
  .use(injectLambdaContext(logger))
  .handler(async () => {
    const done = { left: 0, enqueued: 0, ended: 0, failed: 0 };
    for await (const job of openJobs()) {
      const outcome = await mendJob(job, new Date()).catch((error: Error) => {
        logger.error('left for the next time', { jobId: job.id, error });
        return 'failed' as const;
      });
      done[outcome]++;
    }
    logger.info('swept', done);
    return done;
  });
