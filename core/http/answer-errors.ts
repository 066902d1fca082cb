/** Middleware: an error becomes an answer, in the form the path speaks. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { NightshiftError } from '../errors.ts';
import { problem } from './answers.ts';
import { errorAnswer } from './reference.ts';

export const answerErrors = (logger: Logger): MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult> => ({
  onError: (request) => {
    const { error, event } = request;
    if (error instanceof NightshiftError) logger.info('refused', { code: error.code, path: event.path });
    else logger.error('failed', { error, path: event.path });
    request.response = event.path.startsWith('/v1/') ? problem(error) : errorAnswer(error);
  },
});
