/** A Lambda behind the API: routes, a log line per answer, and errors in the form the path speaks. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import httpContentEncoding from '@middy/http-content-encoding';
import httpContentNegotiation from '@middy/http-content-negotiation';
import httpRouter, { type Method } from '@middy/http-router';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { authorizedCaller, type Caller, callerOf } from '../access/caller.ts';
import { expectNoKeyInAddress } from '../access/key-in-address.ts';
import type { Scope } from '../access/scopes.ts';
import { isRefusal, noteRefusal } from '../audit/refusals.ts';
import { NightshiftError, publicError } from '../errors.ts';
import { empty, problem } from './answers.ts';
import { commonHeaders } from './common-headers.ts';
import { errorAnswer } from './reference.ts';

/** Which of the encodings that a client takes an answer is sent in. Nothing else is negotiated. */
const ENCODINGS = {
  availableEncodings: ['gzip' as const],
  parseCharsets: false,
  parseLanguages: false,
  parseMediaTypes: false,
  failOnMismatch: false,
};

type Answering<Request extends unknown[]> = (
  ...request: Request
) => APIGatewayProxyResult | Promise<APIGatewayProxyResult>;

/** What is answered there, and to whom. */
export type Route = { method: Method; path: string } & (
  | { scope: 'public'; handler: Answering<[APIGatewayProxyEvent]> }
  /** `any`: whatever the API key is for. */
  | { scope: Scope | 'any'; handler: Answering<[APIGatewayProxyEvent, Caller]> }
);

/** Other paths and methods are answered as in the reference: 404 and nothing else. */
export function httpHandler(logger: Logger, routes: Route[]) {
  const notFound = () => empty(404);
  const route = httpRouter({ routes: routes.map(guarded), notFoundResponse: notFound });
  return (
    middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
      // The event holds the body, and that a witness: it is not logged, whatever the environment asks for.
      .use(injectLambdaContext(logger, { logEvent: false }))
      .use(logAnswers(logger))
      .use(httpContentNegotiation(ENCODINGS))
      .use(httpContentEncoding())
      .use(commonHeaders())
      .use(answerErrors(logger))
      .handler((event, context, options) => {
        expectNoKeyInAddress(event);
        return endsInSlash(event) ? notFound() : route(event, context, options);
      })
  );
}

function guarded(route: Route) {
  const { method, path } = route;
  const handler = async (event: APIGatewayProxyEvent) =>
    route.scope === 'public' ? route.handler(event) : route.handler(event, authorizedCaller(event, route.scope));
  return { method, path, handler };
}

/** The router takes a path with a slash at its end for the one without; the reference does not. */
const endsInSlash = ({ path }: APIGatewayProxyEvent): boolean => path.length > 1 && path.endsWith('/');

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;

const logAnswers = (logger: Logger): Middleware => {
  const before: Middleware['before'] = ({ event: { httpMethod, resource, body } }) =>
    logger.debug('asked', { httpMethod, resource, characters: body?.length ?? 0 });
  const log: Middleware['after'] = ({ event: { httpMethod, resource }, response }) =>
    logger.info('answered', { httpMethod, resource, status: response?.statusCode });
  return { before, after: log, onError: log };
};

const answerErrors = (logger: Logger): Middleware => ({
  onError: async (request) => {
    const { error, event } = request;
    if (error instanceof NightshiftError) logger.info('refused', { code: error.code });
    else logger.error('failed', { error });
    request.response = event.path.startsWith('/v1/') ? problem(error) : errorAnswer(error);
    const { statusCode: status } = request.response;
    if (isRefusal(status))
      await note(event, status, error).catch((failed) => logger.error('not noted', { error: failed }));
  },
});

function note(event: APIGatewayProxyEvent, status: number, error: unknown): Promise<void> {
  const { tenant, apiKey } = callerOf(event) ?? {};
  const { httpMethod: method, resource, requestContext } = event;
  const { code } = publicError(error);
  return noteRefusal({ tenant, apiKey, method, resource, status, code, request: requestContext.requestId });
}
