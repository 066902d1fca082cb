import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import { answerErrors } from '../../core/http/answer-errors.ts';
import { empty, text } from '../../core/http/answers.ts';
import { PROOF_VERSIONS, WIRE_VERSION } from '../../core/http/reference.ts';
import { health, ready } from './health.ts';
import { job, proof } from './job.ts';

const logger = new Logger({ serviceName: 'status' });

export const handler = middy()
  .use(injectLambdaContext(logger))
  .use(answerErrors(logger))
  .handler(
    httpRouter({
      routes: [
        { method: 'GET', path: '/', handler: health },
        { method: 'GET', path: '/health', handler: health },
        { method: 'GET', path: '/ready', handler: ready },
        { method: 'GET', path: '/version', handler: async () => text(200, WIRE_VERSION) },
        { method: 'GET', path: '/proof-versions', handler: async () => text(200, PROOF_VERSIONS) },
        { method: 'GET', path: '/v1/jobs/{id}', handler: job },
        { method: 'GET', path: '/v1/jobs/{id}/proof', handler: proof },
      ],
      notFoundResponse: () => empty(404),
    }),
  );
