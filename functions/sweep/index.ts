import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { openKeys } from '../../core/keys/open-keys.ts';
import { mendAll } from './mend-all.ts';
import { mendKeys } from './mend-keys.ts';
import { sweepJobs } from './sweep-jobs.ts';

const logger = new Logger({ serviceName: 'sweep' });

/** Scheduled: looks at every open job and at all keys being derived, and does what a crash left undone. */
export const handler = middy()
  .use(injectLambdaContext(logger))
  .handler(async () => {
    const jobs = await sweepJobs(logger);
    const keys = await mendAll(openKeys(), mendKeys, logger);
    logger.info('swept', { ...jobs, keys });
    return { ...jobs, keys };
  });
