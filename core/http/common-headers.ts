/** Headers that every answer carries, errors included; and the answer to a preflight, which no route knows. */
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { VERSION } from '../version.ts';
import { empty } from './answers.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { headerOf } from './event.ts';

type Middleware = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult>;

export function commonHeaders(): Middleware {
  const add: Middleware['after'] = (request) => {
    const { event } = request;
    const answer = isPreflight(event) ? preflight(event) : request.response;
    if (!answer) return;
    const common = { ...corsHeaders(headerOf(event, 'origin')), 'x-nightshift-version': VERSION };
    request.response = { ...answer, headers: { ...common, ...answer.headers } };
  };
  return { after: add, onError: add };
}

const isPreflight = (event: APIGatewayProxyEvent): boolean =>
  event.httpMethod === 'OPTIONS' && headerOf(event, 'access-control-request-method') !== undefined;

const preflight = (event: APIGatewayProxyEvent): APIGatewayProxyResult => ({
  ...empty(200),
  headers: preflightHeaders(
    headerOf(event, 'access-control-request-headers'),
    headerOf(event, 'access-control-request-private-network') === 'true',
  ),
});
