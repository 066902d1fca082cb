import type { APIGatewayProxyEvent } from 'aws-lambda';
import { NightshiftError } from '../errors.ts';
import { API_KEY_PATTERN } from './api-key.ts';

/** Addresses are logged wherever a request passes. @throws NightshiftError INVALID_REQUEST if an API key stands in this one. */
export function expectNoKeyInAddress({
  path,
  multiValueQueryStringParameters: query,
}: Pick<APIGatewayProxyEvent, 'path' | 'multiValueQueryStringParameters'>): void {
  if (!API_KEY_PATTERN.test(path) && !API_KEY_PATTERN.test(JSON.stringify(query ?? {}))) return;
  throw new NightshiftError(
    'INVALID_REQUEST',
    'An API key stands in the address, which logs keep: have it rotated. Keys are sent as X-API-Key.',
  );
}
