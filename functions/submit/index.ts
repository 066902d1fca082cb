import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import { answerErrors } from '../../core/http/answer-errors.ts';
import { check } from './check.ts';
import { createJob } from './create-job.ts';
import { k } from './k.ts';
import { prove } from './prove.ts';

const logger = new Logger({ serviceName: 'submit' });

export const handler = middy()
  .use(injectLambdaContext(logger))
  .use(answerErrors(logger))
  .handler(
    httpRouter([
      { method: 'POST', path: '/prove', handler: prove },
      { method: 'POST', path: '/check', handler: check },
      { method: 'POST', path: '/k', handler: k },
      { method: 'POST', path: '/v1/jobs', handler: createJob },
    ]),
  );
