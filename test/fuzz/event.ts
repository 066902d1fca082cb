/** A request the way API Gateway hands it to a function, and a function's answer the way a client reads it. */
import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { authorizer } from '../stack/caller.ts';
import { multiValueQuery } from '../stack/query.ts';
import type { HttpRequest } from './requests.ts';

/** @param requestTimeEpoch when the request came; how long it may wait counts from then. */
export const eventOf = (
  { method, path, query, headers, body }: HttpRequest,
  requestTimeEpoch: number,
): APIGatewayProxyEvent =>
  ({
    httpMethod: method,
    path,
    resource: path,
    headers,
    multiValueQueryStringParameters: multiValueQuery(query),
    pathParameters: null,
    body: body.length > 0 ? Buffer.from(body).toString('base64') : null,
    isBase64Encoded: body.length > 0,
    requestContext: { requestId: randomUUID(), requestTimeEpoch, authorizer: authorizer() },
  }) as unknown as APIGatewayProxyEvent;

export function contentOf({ body, isBase64Encoded, headers }: APIGatewayProxyResult): Buffer {
  const sent = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return headers?.['content-encoding'] === 'gzip' || headers?.['Content-Encoding'] === 'gzip' ? gunzipSync(sent) : sent;
}
