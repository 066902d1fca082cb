/** A Lambda behind the API: routes, a log line per answer, and errors in the form the path speaks. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import httpRouter, { type Route } from '@middy/http-router';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { NightshiftError } from '../errors.ts';
import { empty, problem } from './answers.ts';
import { errorAnswer } from './reference.ts';

/** Other paths and methods are answered as in the reference: 404 and nothing else. */
export function httpHandler(logger: Logger, routes: Route<APIGatewayProxyEvent, APIGatewayProxyResult>[]) {
  return (
    middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
      // The event holds the body, and that a witness: it is not logged, whatever the environment asks for.
      .use(injectLambdaContext(logger, { logEvent: false }))
      .use(logAnswers(logger))
      .use(answerErrors(logger))
      .handler(httpRouter({ routes, notFoundResponse: () => empty(404) }))
  );
}

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;

const logAnswers = (logger: Logger): Middleware => {
  const log: Middleware['after'] = ({ event: { httpMethod, resource }, response }) =>
    logger.info('answered', { httpMethod, resource, status: response?.statusCode });
  return { after: log, onError: log };
};

const answerErrors = (logger: Logger): Middleware => ({
  onError: (request) => {
    const { error, event } = request;
    if (error instanceof NightshiftError) logger.info('refused', { code: error.code });
    else logger.error('failed', { error });
    request.response = event.path.startsWith('/v1/') ? problem(error) : errorAnswer(error);
  },
});
