import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { currentTime } from '../../core/clock.ts';
import { openKeys } from '../../core/keys/open-keys.ts';
import { countMetric, type MetricName } from '../../core/metrics.ts';
import { forgetAnswers } from './forget-answers.ts';
import { forgetOldCaps } from './forget-old-caps.ts';
import { forgetWitnesses } from './forget-witnesses.ts';
import { mendAll, type Tally } from './mend-all.ts';
import { mendKeys } from './mend-keys.ts';
import { type SweptJobs, sweepJobs } from './sweep-jobs.ts';

const logger = new Logger({ serviceName: 'sweep' });

/** Scheduled: looks at every open job and at all keys being derived, and does what a crash left undone. */
export const handler = middy()
  .use(injectLambdaContext(logger))
  .handler(async () => {
    await forgetOldCaps();
    const jobs = await sweepJobs(logger);
    const keys = await mendAll(openKeys(), mendKeys, logger);
    logger.info('swept', { ...jobs, keys });
    count(jobs, keys);
    if (isTimeForObjects()) {
      logger.info('objects looked at', { witnesses: await forgetWitnesses(), answers: await forgetAnswers() });
    }
    return { ...jobs, keys };
  });

/** Looking costs something, there is hardly ever anything, and sweep comes by each minute. */
const OBJECTS_EVERY_MINUTES = 15;
const isTimeForObjects = (now = currentTime()): boolean => now.getUTCMinutes() % OBJECTS_EVERY_MINUTES === 0;

/** Only what was done at all: a metric costs something in every hour in which it is counted. */
function count(jobs: SweptJobs, keys: Tally): void {
  const done: [MetricName, number][] = [
    ['SweepEnqueued', jobs.enqueued + keys.enqueued],
    ['SweepEnded', jobs.ended + keys.ended],
    ['SweepRepaired', jobs.repaired],
    ['SweepFailed', jobs.failed + keys.failed],
  ];
  for (const [name, times] of done) if (times > 0) countMetric(name, times);
}
