/**
 * What is answered before a function has seen the request: by API Gateway, and by the local gateway in its place. The words
 * have neither quotes nor dollar signs, which mean something in API Gateway's templates.
 */
import type { APIGatewayProxyResult } from 'aws-lambda';
import { NightshiftError } from '../errors.ts';
import { API_TIMEOUT_SECONDS, RETRY_AFTER_SECONDS } from '../limits.ts';
import { problem } from './answers.ts';
import { BODY_TOO_LARGE } from './reference-words.ts';

/** API Gateway does not tell a key that does not work from one that is missing. */
export const NO_WORKING_KEY = new NightshiftError(
  'UNAUTHENTICATED',
  'No API key that works came along. Send one as X-API-Key; if you did, it is mistyped, has expired or was revoked.',
);

export const NOT_LET_IN = new NightshiftError('FORBIDDEN', 'This request is not let in.');

export const TOO_LARGE = new NightshiftError('PAYLOAD_TOO_LARGE', BODY_TOO_LARGE);

export const tooManyRequests = (retryAfterSeconds = RETRY_AFTER_SECONDS): NightshiftError =>
  new NightshiftError('RATE_LIMITED', 'Too many requests came at once. Ask again, more slowly.', { retryAfterSeconds });

export const unavailable = (reason: string): NightshiftError =>
  new NightshiftError('UNAVAILABLE', reason, { retryAfterSeconds: RETRY_AFTER_SECONDS });

export const TIMED_OUT = unavailable(`There was no answer within ${API_TIMEOUT_SECONDS} s. Ask again.`);

export const FAILED = unavailable('No function could answer. Ask again.');

export const MALFORMED = new NightshiftError('INVALID_REQUEST', 'This is no request that an API takes.');

/** A problem that calls itself JSON: API Gateway can't call its own answers otherwise. */
export function gatewayAnswer(refusal: NightshiftError): APIGatewayProxyResult {
  const { headers, ...answer } = problem(refusal);
  return { ...answer, headers: { ...headers, 'content-type': 'application/json' } };
}
